package dev.runnel.testing.http2;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a server must not send, whatever it is sent (RFC 9113 4 to 8): checked on every frame that
 * comes, so that each test is also a test of this.
 */
final class ServerWatch {
  private static final Set<String> OF_CONNECTIONS =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private final Map<Integer, Stream> streams = new HashMap<>();
  private final Allowance allowance = new Allowance();
  private boolean begun;
  private boolean mayPush = true;

  /** One stream as the server uses it. */
  private static final class Stream {
    boolean answered;
    boolean ended;
    boolean reset;
    boolean promised;
    long declared = -1;
    long received;
  }

  /** How many bytes of DATA the server may still send on all streams together. */
  long left() {
    return allowance.left();
  }

  /** We sent this. */
  void sent(Frame frame) {
    allowance.sent(frame);
    if (frame.type() == Frame.SETTINGS && !frame.has(Frame.ACK)) {
      mayPush = frame.values().getOrDefault(Setting.ENABLE_PUSH, mayPush ? 1 : 0) != 0;
    }
  }

  /** The server sent this; CONTINUATION comes here as well. */
  void came(Frame frame) {
    check(begun || (frame.type() == Frame.SETTINGS && !frame.has(Frame.ACK)), frame, "3.4");
    begun = true;
    allowance.came(frame);
    switch (frame.type()) {
      case Frame.DATA -> data(frame);
      case Frame.HEADERS -> open(frame);
      case Frame.RST_STREAM -> {
        check(frame.payload().length == 4, frame, "6.4");
        open(frame).reset = true;
      }
      case Frame.SETTINGS -> {
        check(frame.stream() == 0 && frame.payload().length % 6 == 0, frame, "6.5");
        check(!frame.has(Frame.ACK) || frame.payload().length == 0, frame, "6.5");
      }
      case Frame.PUSH_PROMISE -> {
        check(mayPush, frame, "6.6");
        open(frame);
      }
      case Frame.PING -> check(frame.stream() == 0 && frame.payload().length == 8, frame, "6.7");
      case Frame.GOAWAY -> check(frame.stream() == 0 && frame.payload().length >= 8, frame, "6.8");
      case Frame.WINDOW_UPDATE -> {
        check(frame.payload().length == 4 && frame.intAt(0) > 0, frame, "6.9");
        check(frame.stream() == 0 || !stream(frame.stream()).reset, frame, "5.1");
      }
      default -> {}
    }
  }

  /** The server sent this block. */
  void fields(Arrival block) {
    Frame frame = block.frame();
    if (frame.type() == Frame.PUSH_PROMISE) {
      stream(frame.intAt(0)).promised = true;
      return;
    }
    Stream stream = stream(frame.stream());
    check(block.fields().stream().allMatch(f -> isLegal(f)), block, "8.2");
    if (stream.answered) {
      check(frame.ends(), block, "8.1: trailers that do not end the stream");
      check(block.fields().stream().noneMatch(f -> f.name().startsWith(":")), block, "8.1");
    } else {
      answer(stream, block);
    }
    if (frame.ends()) {
      end(stream, block);
    }
  }

  private static void answer(Stream stream, Arrival block) {
    List<Field> fields = block.fields();
    check(!fields.isEmpty() && fields.get(0).name().equals(":status"), block, "8.3.2");
    check(fields.stream().filter(f -> f.name().startsWith(":")).count() == 1, block, "8.3.2");
    check(block.status() != 101, block, "8.6");
    if (block.status() < 200) {
      check(!block.ends(), block, "8.1");
      return;
    }
    stream.answered = true;
    String length = block.field("content-length");
    if (length != null) {
      stream.declared = Long.parseLong(length);
    }
  }

  private static boolean isLegal(Field field) {
    String name = field.name();
    return name.equals(name.toLowerCase(Locale.ROOT))
        && !OF_CONNECTIONS.contains(name)
        && field.value().equals(field.value().strip())
        && field.value().chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
  }

  private void data(Frame frame) {
    Stream stream = open(frame);
    check(stream.answered, frame, "8.1: content before a head");
    stream.received += frame.content().length;
    if (frame.ends()) {
      end(stream, frame);
    }
  }

  /** To HEAD and the like nothing is sent, so only something can be too little (RFC 9110 8.6). */
  private static void end(Stream stream, Object what) {
    stream.ended = true;
    boolean fits = stream.received == stream.declared;
    check(stream.declared < 0 || stream.received == 0 || fits, what, "8.1.1: content-length");
  }

  private Stream open(Frame frame) {
    check(frame.stream() != 0, frame, "6.1, 6.2, 6.4");
    Stream stream = stream(frame.stream());
    check(frame.stream() % 2 == 1 || stream.promised, frame, "5.1.1");
    check(!stream.reset, frame, "5.1: the server had reset the stream");
    boolean content = frame.type() != Frame.RST_STREAM;
    check(!(stream.ended && content), frame, "5.1: the server had ended the stream");
    return stream;
  }

  private Stream stream(int number) {
    return streams.computeIfAbsent(number, unused -> new Stream());
  }

  static void check(boolean holds, Object what, String rule) {
    if (!holds) {
      throw new AssertionError("the server broke RFC 9113 " + rule + ": " + what);
    }
  }
}
