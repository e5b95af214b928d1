package dev.runnel.testkit;

import dev.runnel.io.Bytes;
import dev.runnel.transport.memory.HeaderBlocks;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what a server sent into frames, and decodes its header blocks. */
final class FrameReader {
  private static final int HEADER = 9;

  private final HeaderBlocks blocks = new HeaderBlocks();
  private byte[] waiting = new byte[0];
  private int at;
  private @Nullable Http2Frame open; // HEADERS whose block goes on

  void add(byte[] bytes) {
    if (at == waiting.length) {
      waiting = bytes;
    } else {
      ByteArrayOutputStream joined = new ByteArrayOutputStream(waiting.length - at + bytes.length);
      joined.write(waiting, at, waiting.length - at);
      joined.writeBytes(bytes);
      waiting = joined.toByteArray();
    }
    at = 0;
  }

  /** The next whole frame, or null; a block in several frames is one. */
  @Nullable Http2Frame next() {
    for (Http2Frame frame = cut(); frame != null; frame = cut()) {
      Http2Frame whole = whole(frame);
      if (whole != null) {
        return whole;
      }
    }
    return null;
  }

  private @Nullable Http2Frame cut() {
    if (waiting.length - at < HEADER) {
      return null;
    }
    int length = octet(0) << 16 | octet(1) << 8 | octet(2);
    if (waiting.length - at - HEADER < length) {
      return null;
    }
    int stream = (octet(5) & 0x7f) << 24 | octet(6) << 16 | octet(7) << 8 | octet(8);
    int from = at + HEADER;
    Http2Frame frame =
        Http2Frame.of(octet(3), octet(4), stream, Arrays.copyOfRange(waiting, from, from + length));
    at = from + length;
    return frame;
  }

  private int octet(int offset) {
    return waiting[at + offset] & 0xff;
  }

  /** Decoded, if it is the end of a block; null if the block goes on (RFC 9113 6.10). */
  private @Nullable Http2Frame whole(Http2Frame frame) {
    Http2Frame begun = open;
    if (begun == null && frame.type() != Http2Frame.HEADERS) {
      return frame;
    }
    Http2Frame joined = frame;
    if (begun != null) {
      if (frame.type() != Http2Frame.CONTINUATION || frame.stream() != begun.stream()) {
        throw new AssertionError("the server interrupts a header block by " + frame);
      }
      Bytes block = Bytes.concat(List.of(begun.content(), frame.payload()));
      int flags = (begun.flags() | frame.flags()) & ~Http2Frame.PADDED & ~Http2Frame.PRIORITIZED;
      joined = new Http2Frame(Http2Frame.HEADERS, flags, frame.stream(), block, List.of());
    }
    if (!joined.has(Http2Frame.END_HEADERS)) {
      open = joined;
      return null;
    }
    open = null;
    return new Http2Frame(
        Http2Frame.HEADERS,
        joined.flags(),
        joined.stream(),
        joined.payload(),
        blocks.decode(joined.stream(), joined.content().toByteArray()));
  }
}
