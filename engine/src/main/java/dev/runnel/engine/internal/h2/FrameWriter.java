package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.link.SocketLink;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes frames into the buffer of the turn. */
final class FrameWriter {
  private final SocketLink link;

  FrameWriter(SocketLink link) {
    this.link = link;
  }

  private ByteBuf frame(int length, int type, int flags, int stream) {
    return link.out().writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  /** What a client says first. */
  void preface() {
    link.out().writeBytes(Preface.BYTES);
    link.wrote();
  }

  void settings(byte[] payload) {
    frame(payload.length, Frame.SETTINGS, 0, 0).writeBytes(payload);
    link.wrote();
  }

  void settingsAcknowledged() {
    frame(0, Frame.SETTINGS, Frame.ACK, 0);
    link.wrote();
  }

  void ping(long opaque, boolean ack) {
    frame(8, Frame.PING, ack ? Frame.ACK : 0, 0).writeLong(opaque);
    link.wrote();
  }

  /**
   * @param reason for whoever reads a trace of the peer; never anything secret
   */
  void goAway(int last, ErrorCode code, String reason) {
    byte[] debug = reason.getBytes(StandardCharsets.US_ASCII);
    frame(8 + debug.length, Frame.GOAWAY, 0, 0)
        .writeInt(last)
        .writeInt(code.code())
        .writeBytes(debug);
    link.wrote();
  }

  void reset(int stream, ErrorCode code) {
    frame(4, Frame.RST_STREAM, 0, stream).writeInt(code.code());
    link.wrote();
  }

  void windowUpdate(int stream, int increment) {
    frame(4, Frame.WINDOW_UPDATE, 0, stream).writeInt(increment);
    link.wrote();
  }

  void data(int stream, byte[] bytes, int offset, int length, boolean end) {
    frame(length, Frame.DATA, end ? Frame.END_STREAM : 0, stream).writeBytes(bytes, offset, length);
    link.wrote();
  }

  /**
   * A header block, in as many frames as it takes.
   *
   * @param block has room for a frame's header before the block
   * @param until where the block ends
   */
  void headers(int stream, byte[] block, int until, boolean end) {
    block(Frame.HEADERS, end ? Frame.END_STREAM : 0, stream, block, until);
  }

  /**
   * A promise.
   *
   * @param block has room for a frame's header and the promised stream before the block
   */
  void pushPromise(int stream, int promised, byte[] block, int until) {
    for (int i = 0; i < 4; i++) {
      block[Frame.HEADER + i] = (byte) (promised >> (24 - 8 * i));
    }
    block(Frame.PUSH_PROMISE, 0, stream, block, until);
  }

  private void block(int type, int flags, int stream, byte[] block, int until) {
    int length = until - Frame.HEADER;
    int first = Math.min(length, Frame.MAX_PAYLOAD);
    int done = first == length ? Frame.END_HEADERS : 0;
    block[0] = (byte) (first >> 16);
    block[1] = (byte) (first >> 8);
    block[2] = (byte) first;
    block[3] = (byte) type;
    block[4] = (byte) (flags | done);
    for (int i = 0; i < 4; i++) {
      block[5 + i] = (byte) (stream >> (24 - 8 * i));
    }
    link.out().writeBytes(block, 0, Frame.HEADER + first);
    for (int at = Frame.HEADER + first; at < until; at += Frame.MAX_PAYLOAD) {
      int more = Math.min(until - at, Frame.MAX_PAYLOAD);
      int flag = at + more == until ? Frame.END_HEADERS : 0;
      frame(more, Frame.CONTINUATION, flag, stream).writeBytes(block, at, more);
    }
    link.wrote();
  }
}
