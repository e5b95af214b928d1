package dev.runnel.testing.http2;

import java.util.HashMap;
import java.util.Map;

/** How much DATA the server lets us send (RFC 9113 5.2). */
final class Room {
  private static final int WINDOW = 65_535;

  private final Map<Integer, Long> used = new HashMap<>();
  private long connection = WINDOW;
  private int window = WINDOW;

  void came(Frame frame) {
    if (frame.type() == Frame.WINDOW_UPDATE) {
      if (frame.stream() == 0) {
        connection += frame.intAt(0);
      } else {
        used.merge(frame.stream(), (long) -frame.intAt(0), Long::sum);
      }
    } else if (frame.type() == Frame.SETTINGS && !frame.has(Frame.ACK)) {
      window = frame.values().getOrDefault(Setting.INITIAL_WINDOW_SIZE, window);
    }
  }

  void sent(Frame frame) {
    if (frame.type() == Frame.DATA) {
      connection -= frame.payload().length;
      used.merge(frame.stream(), (long) frame.payload().length, Long::sum);
    }
  }

  int of(int stream) {
    if (stream == 0) {
      return (int) connection;
    }
    long left = Math.min(connection, window - used.getOrDefault(stream, 0L));
    return (int) Math.max(0, Math.min(left, Integer.MAX_VALUE));
  }
}
