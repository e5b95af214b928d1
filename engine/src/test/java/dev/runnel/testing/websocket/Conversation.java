package dev.runnel.testing.websocket;

import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the server says: frames in an order that RFC 6455 5.4 and 5.5 allow, put together to
 * messages. Nothing may stand behind its Close.
 */
final class Conversation {
  private static final int RSV1 = 4;

  private final FrameReader reader = new FrameReader();
  private final @Nullable DeflatePeer deflate;
  private final Deque<WsFrame> frames = new ArrayDeque<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private @Nullable WsFrame begun;
  private int pieces;
  private boolean closed;

  /**
   * @param deflate for messages with RSV1; null where none may have it
   */
  Conversation(@Nullable DeflatePeer deflate) {
    this.deflate = deflate;
  }

  void add(byte[] bytes) {
    reader.add(bytes);
    for (WsFrame frame = reader.next(); frame != null; frame = reader.next()) {
      judge(frame);
      frames.add(frame);
    }
    check(!closed || !reader.hasRest(), "bytes behind its Close frame");
  }

  /** Whether it stopped in the middle of a frame. */
  boolean isCutOff() {
    return reader.hasRest();
  }

  @Nullable WsFrame peek() {
    return frames.peek();
  }

  WsFrame take() {
    return frames.remove();
  }

  private void judge(WsFrame frame) {
    check(!closed, "a frame behind its Close frame: " + frame);
    boolean mayBeCompressed = deflate != null && !frame.isControl() && frame.opcode() != 0;
    check(
        frame.rsv() == 0 || (frame.rsv() == RSV1 && mayBeCompressed),
        "reserved bits (RFC 6455 5.2, RFC 7692 6): " + frame);
    if (frame.isControl()) {
      closed = frame.opcode() == Opcode.CLOSE;
    } else {
      judgeOrder(frame);
    }
  }

  /** The order alone; what is in them is judged as they are taken. */
  private boolean inMessage;

  private void judgeOrder(WsFrame frame) {
    boolean continues = frame.opcode() == Opcode.CONTINUATION;
    check(continues == inMessage, "a frame out of order (RFC 6455 5.4): " + frame);
    inMessage = !frame.isLast();
  }

  /** Takes a data frame, and gives the message that it ends. */
  @Nullable WsMessage assemble(WsFrame frame) {
    WsFrame first = begun;
    if (first == null) {
      first = frame;
      begun = frame;
      pieces = 0;
    }
    message.writeBytes(frame.payload());
    pieces++;
    if (!frame.isLast()) {
      return null;
    }
    byte[] payload = message.toByteArray();
    message.reset();
    begun = null;
    boolean compressed = first.rsv() == RSV1;
    if (compressed && deflate != null) {
      payload = deflate.expand(payload);
    }
    boolean text = first.opcode() == Opcode.TEXT;
    if (text) {
      String unused = Utf8.decode(payload, "a text");
    }
    return new WsMessage(text, Bytes.Unsafe.wrap(payload), pieces, compressed);
  }

  /** What a Close frame says; fails if it may not be said (RFC 6455 7.4). */
  static WsClosing closing(WsFrame close) {
    byte[] payload = close.payload();
    if (payload.length == 0) {
      return new WsClosing(WsClosing.NO_CODE, "");
    }
    check(payload.length >= 2, "a Close frame of one byte (RFC 6455 5.5.1)");
    int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    check(maySend(code), "a Close frame with code " + code + " (RFC 6455 7.4)");
    byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
    return new WsClosing(code, Utf8.decode(reason, "the reason of a Close"));
  }

  /** RFC 6455 7.4 and the registry: 1012 to 1014 were added to it later. */
  private static boolean maySend(int code) {
    boolean registered = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
    return registered || (code >= 3000 && code <= 4999);
  }

  private static void check(boolean good, String complaint) {
    if (!good) {
      throw new AssertionError("the server sent " + complaint);
    }
  }
}
