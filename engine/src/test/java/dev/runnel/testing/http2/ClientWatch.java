package dev.runnel.testing.http2;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a client must not send, whatever it is sent (RFC 9113 4 to 8): checked on every frame that
 * comes, so that each test is also a test of this.
 */
final class ClientWatch {
  private static final Set<String> OF_CONNECTIONS =
      Set.of(
          "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host");

  private final Map<Integer, Stream> streams = new HashMap<>();
  private final Allowance allowance = new Allowance();
  private boolean begun;
  private int highest;

  /** One stream as the client uses it. */
  private static final class Stream {
    boolean promised;
    boolean opened;
    boolean ended;
    boolean reset;
  }

  /** We sent this. */
  void sent(Frame frame) {
    allowance.sent(frame);
    if (frame.type() == Frame.PUSH_PROMISE && frame.payload().length >= 4) {
      stream(frame.intAt(0)).promised = true;
    }
  }

  /** The client sent this. */
  void came(Frame frame) {
    check(begun || (frame.type() == Frame.SETTINGS && !frame.has(Frame.ACK)), frame, "3.4");
    begun = true;
    allowance.came(frame);
    int length = frame.payload().length;
    switch (frame.type()) {
      case Frame.HEADERS -> head(frame);
      case Frame.DATA -> {
        Stream stream = stream(frame.stream());
        check(stream.opened && !stream.ended && !stream.reset, frame, "5.1");
        stream.ended = frame.ends();
      }
      case Frame.RST_STREAM -> {
        Stream stream = stream(frame.stream());
        check(length == 4 && (stream.opened || stream.promised) && !stream.reset, frame, "5.1");
        stream.reset = true;
      }
      case Frame.SETTINGS -> {
        check(frame.stream() == 0 && length % 6 == 0, frame, "6.5");
        check(!frame.has(Frame.ACK) || length == 0, frame, "6.5");
      }
      case Frame.PUSH_PROMISE -> check(false, frame, "8.4");
      case Frame.PING -> check(frame.stream() == 0 && length == 8, frame, "6.7");
      case Frame.GOAWAY -> check(frame.stream() == 0 && length >= 8, frame, "6.8");
      case Frame.WINDOW_UPDATE -> {
        check(length == 4 && frame.intAt(0) > 0, frame, "6.9");
        Stream stream = stream(frame.stream());
        boolean known = stream.opened || stream.promised;
        check(frame.stream() == 0 || (known && !stream.reset), frame, "5.1");
      }
      default -> {}
    }
  }

  private void head(Frame frame) {
    int id = frame.stream();
    Stream stream = stream(id);
    check(id % 2 == 1, frame, "5.1.1");
    check(!stream.ended && !stream.reset, frame, "5.1");
    if (stream.opened) {
      check(frame.ends(), frame, "8.1: trailers that do not end the stream");
    } else {
      check(id > highest, frame, "5.1.1: numbers go up");
      highest = id;
      stream.opened = true;
    }
    stream.ended = frame.ends();
  }

  /** The client sent this block. */
  static void fields(Arrival block, boolean trailers) {
    List<Field> fields = block.fields();
    boolean regular = false;
    for (Field field : fields) {
      boolean pseudo = field.name().startsWith(":");
      check(!(pseudo && (regular || trailers)), block, "8.3");
      regular |= !pseudo;
      check(pseudo || isLegal(field), block, "8.2: " + field);
    }
  }

  private static boolean isLegal(Field field) {
    String name = field.name();
    return name.equals(name.toLowerCase(Locale.ROOT))
        && !OF_CONNECTIONS.contains(name)
        && (!name.equals("te") || field.value().equals("trailers"));
  }

  boolean isOpened(int id) {
    return stream(id).opened;
  }

  private Stream stream(int id) {
    return streams.computeIfAbsent(id, unused -> new Stream());
  }

  private static void check(boolean holds, Object what, String rule) {
    if (!holds) {
      throw new AssertionError("the client broke RFC 9113 " + rule + ": " + what);
    }
  }
}
