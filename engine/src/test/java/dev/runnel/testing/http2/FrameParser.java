package dev.runnel.testing.http2;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts bytes into frames. */
final class FrameParser {
  private byte[] waiting = new byte[0];
  private int at;

  void add(byte[] bytes) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(waiting.length - at + bytes.length);
    joined.write(waiting, at, waiting.length - at);
    joined.writeBytes(bytes);
    waiting = joined.toByteArray();
    at = 0;
  }

  /** The next whole frame, or null. */
  @Nullable Frame next() {
    if (waiting.length - at < Frame.HEAD) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(waiting, at, waiting.length - at);
    int first = in.getInt();
    int length = first >>> 8;
    int type = first & 0xff;
    int flags = Byte.toUnsignedInt(in.get());
    int stream = in.getInt();
    if (in.remaining() < length) {
      return null;
    }
    at += Frame.HEAD + length;
    return new Frame(type, flags, stream, Arrays.copyOfRange(waiting, at - length, at));
  }

  /** What is no whole frame yet. */
  byte[] rest() {
    return Arrays.copyOfRange(waiting, at, waiting.length);
  }
}
