package dev.runnel.testing.http2;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * How large frames and windows may be that the server fills (RFC 9113 4.2, 5.2). Settings count for
 * the server from when it gets them, which we know when it acknowledges them: until then the larger
 * value is allowed.
 */
final class Allowance {
  private static final int WINDOW = 65_535;
  private static final int FRAME = 16_384;

  private final Queue<Map<Integer, Integer>> unacknowledged = new ArrayDeque<>();
  private final Map<Integer, Long> used = new HashMap<>();
  private long connection = WINDOW;
  private int window = WINDOW;
  private int frame = FRAME;

  void sent(Frame sent) {
    if (sent.type() == Frame.SETTINGS && !sent.has(Frame.ACK)) {
      unacknowledged.add(sent.values());
    } else if (sent.type() == Frame.WINDOW_UPDATE && sent.payload().length == 4) {
      int increment = sent.intAt(0) & Integer.MAX_VALUE;
      if (sent.stream() == 0) {
        connection += increment;
      } else {
        used.merge(sent.stream(), (long) -increment, Long::sum);
      }
    }
  }

  void came(Frame came) {
    int length = came.payload().length;
    int most = most(Setting.MAX_FRAME_SIZE, frame);
    ServerWatch.check(length <= most, came, "4.2: at most " + most);
    if (came.type() == Frame.SETTINGS && came.has(Frame.ACK)) {
      acknowledged(came);
    } else if (came.type() == Frame.DATA) {
      connection -= length;
      long total = used.merge(came.stream(), (long) length, Long::sum);
      ServerWatch.check(connection >= 0, came, "5.2: beyond the window of the connection");
      boolean fits = total <= most(Setting.INITIAL_WINDOW_SIZE, window);
      ServerWatch.check(length == 0 || fits, came, "5.2: beyond the window of the stream");
    }
  }

  /** What is left of the connection's window. */
  long left() {
    return connection;
  }

  private void acknowledged(Frame ack) {
    Map<Integer, Integer> settings = unacknowledged.poll();
    ServerWatch.check(settings != null, ack, "6.5.3: nothing to acknowledge");
    if (settings != null) {
      window = settings.getOrDefault(Setting.INITIAL_WINDOW_SIZE, window);
      frame = settings.getOrDefault(Setting.MAX_FRAME_SIZE, frame);
    }
  }

  private int most(int setting, int now) {
    int most = now;
    for (Map<Integer, Integer> settings : unacknowledged) {
      most = Math.max(most, settings.getOrDefault(setting, now));
    }
    return most;
  }
}
