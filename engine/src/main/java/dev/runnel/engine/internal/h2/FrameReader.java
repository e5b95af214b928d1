package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.h2.FrameSink.HeaderFrame;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames (RFC 9113 4 and 6): each once it is whole, none larger than allowed. Gathers header
 * blocks that come in several frames, within bounds.
 */
final class FrameReader {
  /** More frames than this for one block have no use but to keep us busy (CVE-2024-27316). */
  private static final int MOST_CONTINUATIONS = 32;

  private final FrameSink sink;
  private final HeaderDecoder decoder;
  private final int blockLimit;
  private final boolean takesPromises;
  private @Nullable ByteBuf block;
  private int blockStream;
  private int blockPromises;
  private boolean blockEnds;
  private boolean blockDependsOnItself;
  private int continuations;
  private boolean greeted;

  /**
   * @param listLimit the limit of a header list; a block is never longer than its list, but for
   *     changes of the table's size
   * @param takesPromises whether the peer may send PUSH_PROMISE, which no client may
   */
  FrameReader(FrameSink sink, HeaderDecoder decoder, int listLimit, boolean takesPromises) {
    this.sink = sink;
    this.decoder = decoder;
    this.blockLimit = 2 * listLimit;
    this.takesPromises = takesPromises;
  }

  /** Whether a header block or another frame but DATA has begun and is not whole. */
  boolean awaitsHead(@Nullable ByteBuf in) {
    boolean partial = in != null && in.isReadable();
    return block != null
        || (partial && (in.readableBytes() < 4 || in.getByte(in.readerIndex() + 3) != Frame.DATA));
  }

  /** Whether a header block has begun and not ended. */
  boolean isInBlock() {
    return block != null;
  }

  /**
   * Gives the next frame to the sink.
   *
   * @return whether there was a whole one
   */
  boolean next(ByteBuf in) throws Http2Error {
    if (in.readableBytes() < Frame.HEADER) {
      return false;
    }
    int start = in.readerIndex();
    int length = in.getUnsignedMedium(start);
    int type = in.getUnsignedByte(start + 3);
    int stream = in.getInt(start + 5) & Integer.MAX_VALUE;
    check(length, type, stream);
    if (in.readableBytes() < Frame.HEADER + length) {
      return false;
    }
    int end = start + Frame.HEADER + length;
    in.readerIndex(start + Frame.HEADER);
    try {
      dispatch(in, length, type, in.getUnsignedByte(start + 4), stream);
    } finally {
      in.readerIndex(end);
    }
    return true;
  }

  /** What can be said before the payload is there. */
  private void check(int length, int type, int stream) throws Http2Error {
    if (length > Frame.MAX_PAYLOAD) {
      throw Http2Error.connection(
          ErrorCode.FRAME_SIZE_ERROR, "frame of " + length + " bytes, the limit is 16384");
    }
    if (!greeted && type != Frame.SETTINGS) {
      throw broken("the first frame is no SETTINGS"); // RFC 9113 3.4
    }
    boolean continued = type == Frame.CONTINUATION && stream == blockStream;
    if ((block != null) != (type == Frame.CONTINUATION) || (block != null && !continued)) {
      throw broken("a header block is interrupted, or continued where there is none");
    }
  }

  private void dispatch(ByteBuf in, int length, int type, int flags, int stream) throws Http2Error {
    switch (type) {
      case Frame.DATA -> data(in, length, flags, onStream(stream, "DATA"));
      case Frame.HEADERS -> headers(in, length, flags, onStream(stream, "HEADERS"));
      case Frame.CONTINUATION -> continuation(in, length, flags);
      case Frame.PRIORITY -> priority(in, length, onStream(stream, "PRIORITY"));
      case Frame.RST_STREAM -> {
        size(length, 4, "RST_STREAM");
        sink.reset(onStream(stream, "RST_STREAM"), in.readUnsignedInt());
      }
      case Frame.SETTINGS -> settings(in, length, flags, stream);
      case Frame.PUSH_PROMISE -> promise(in, length, flags, onStream(stream, "PUSH_PROMISE"));
      case Frame.PING -> {
        onConnection(stream, "PING");
        size(length, 8, "PING");
        sink.ping(in.readLong(), has(flags, Frame.ACK));
      }
      case Frame.GOAWAY -> goAway(in, length, stream);
      case Frame.WINDOW_UPDATE -> {
        size(length, 4, "WINDOW_UPDATE");
        sink.windowUpdate(stream, in.readInt() & Integer.MAX_VALUE);
      }
      case Frame.PRIORITY_UPDATE -> priorityUpdate(in, length, stream);
      default -> sink.meaningless(AbuseGuard.UNKNOWN);
    }
  }

  private void data(ByteBuf in, int length, int flags, int stream) throws Http2Error {
    int padding = padding(in, length, flags);
    int data = length - padding - (has(flags, Frame.PADDED) ? 1 : 0);
    sink.data(stream, in, data, length, has(flags, Frame.END_STREAM));
  }

  /** Reads the length of the padding, and gives it. */
  private static int padding(ByteBuf in, int length, int flags) throws Http2Error {
    if (!has(flags, Frame.PADDED)) {
      return 0;
    }
    if (length == 0) {
      throw Http2Error.connection(ErrorCode.FRAME_SIZE_ERROR, "padded frame without its length");
    }
    int padding = in.readUnsignedByte();
    if (padding >= length) {
      throw broken("more padding than frame"); // RFC 9113 6.1
    }
    return padding;
  }

  private void headers(ByteBuf in, int length, int flags, int stream) throws Http2Error {
    int start = in.readerIndex();
    int padding = padding(in, length, flags);
    blockDependsOnItself = false;
    if (has(flags, Frame.HAS_PRIORITY)) {
      if (in.readerIndex() - start + 5 > length - padding) {
        throw Http2Error.connection(ErrorCode.FRAME_SIZE_ERROR, "HEADERS without its priority");
      }
      blockDependsOnItself = (in.readInt() & Integer.MAX_VALUE) == stream;
      in.skipBytes(1);
    }
    int fragment = length - padding - (in.readerIndex() - start);
    if (fragment < 0) {
      throw broken("more padding than frame");
    }
    blockStream = stream;
    blockPromises = 0;
    blockEnds = has(flags, Frame.END_STREAM);
    begin(in, fragment, flags);
  }

  /** RFC 9113 6.6. */
  private void promise(ByteBuf in, int length, int flags, int stream) throws Http2Error {
    if (!takesPromises) {
      throw broken("PUSH_PROMISE, which was not allowed"); // no client may, and ours says so first
    }
    int start = in.readerIndex();
    int padding = padding(in, length, flags);
    if (in.readerIndex() - start + 4 > length - padding) {
      throw Http2Error.connection(
          ErrorCode.FRAME_SIZE_ERROR, "PUSH_PROMISE without its promised stream");
    }
    blockStream = stream;
    blockPromises = in.readInt() & Integer.MAX_VALUE;
    if (blockPromises == 0) {
      throw broken("PUSH_PROMISE of stream 0");
    }
    blockEnds = false;
    begin(in, length - padding - (in.readerIndex() - start), flags);
  }

  /** Takes the first part of a block, which may be all of it. */
  private void begin(ByteBuf in, int fragment, int flags) throws Http2Error {
    if (has(flags, Frame.END_HEADERS)) {
      decode(in.slice(in.readerIndex(), fragment));
    } else {
      continuations = 0;
      ByteBuf gathered = in.alloc().buffer(2 * fragment);
      block = gathered;
      gathered.writeBytes(in, fragment);
    }
  }

  private void continuation(ByteBuf in, int length, int flags) throws Http2Error {
    ByteBuf gathered = block;
    if (gathered == null) {
      throw broken("CONTINUATION of nothing");
    }
    continuations++;
    if (continuations > MOST_CONTINUATIONS || gathered.readableBytes() + length > blockLimit) {
      throw Http2Error.connection(
          ErrorCode.ENHANCE_YOUR_CALM, "a header block that does not come to its end");
    }
    gathered.writeBytes(in, length);
    if (has(flags, Frame.END_HEADERS)) {
      block = null;
      try {
        decode(gathered);
      } finally {
        gathered.release();
      }
    }
  }

  private void decode(ByteBuf whole) throws Http2Error {
    boolean fits = decoder.decode(blockStream, whole);
    if (blockPromises != 0) {
      sink.promise(blockStream, blockPromises, !fits, decoder.fields());
      return;
    }
    sink.headers(
        new HeaderFrame(blockStream, blockEnds, !fits, blockDependsOnItself), decoder.fields());
  }

  private void priority(ByteBuf in, int length, int stream) throws Http2Error {
    if (length != 5) {
      throw Http2Error.stream(
          stream, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of another size than 5");
    }
    if ((in.readInt() & Integer.MAX_VALUE) == stream) {
      throw Http2Error.stream(stream, ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
    sink.meaningless(AbuseGuard.PRIORITY);
  }

  private void settings(ByteBuf in, int length, int flags, int stream) throws Http2Error {
    onConnection(stream, "SETTINGS");
    if (!has(flags, Frame.ACK)) {
      greeted = true;
      sink.settings(in, length);
    } else if (!greeted) {
      throw broken("the first frame is no SETTINGS but an acknowledgement");
    } else {
      size(length, 0, "acknowledged SETTINGS");
      sink.settingsAcknowledged();
    }
  }

  private void goAway(ByteBuf in, int length, int stream) throws Http2Error {
    onConnection(stream, "GOAWAY");
    if (length < 8) {
      throw Http2Error.connection(ErrorCode.FRAME_SIZE_ERROR, "GOAWAY of " + length + " bytes");
    }
    sink.goAway(in.readInt() & Integer.MAX_VALUE, in.readUnsignedInt());
  }

  private void priorityUpdate(ByteBuf in, int length, int stream) throws Http2Error {
    onConnection(stream, "PRIORITY_UPDATE");
    if (length < 4) {
      throw Http2Error.connection(
          ErrorCode.FRAME_SIZE_ERROR, "PRIORITY_UPDATE of " + length + " bytes");
    }
    int prioritized = in.readInt() & Integer.MAX_VALUE;
    if (prioritized == 0) {
      throw broken("PRIORITY_UPDATE of stream 0"); // RFC 9218 7.1
    }
    int shown = Math.min(length - 4, Priority.LONGEST);
    sink.priorityUpdate(
        prioritized, in.toString(in.readerIndex(), shown, StandardCharsets.ISO_8859_1));
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static int onStream(int stream, String name) throws Http2Error {
    if (stream == 0) {
      throw broken(name + " on stream 0");
    }
    return stream;
  }

  private static void onConnection(int stream, String name) throws Http2Error {
    if (stream != 0) {
      throw broken(name + " on stream " + stream);
    }
  }

  private static void size(int length, int right, String name) throws Http2Error {
    if (length != right) {
      throw Http2Error.connection(
          ErrorCode.FRAME_SIZE_ERROR, name + " of " + length + " bytes, not " + right);
    }
  }

  private static Http2Error broken(String message) {
    return Http2Error.connection(ErrorCode.PROTOCOL_ERROR, message);
  }

  /** The connection is over. */
  void close() {
    if (block != null) {
      block.release();
      block = null;
    }
  }
}
