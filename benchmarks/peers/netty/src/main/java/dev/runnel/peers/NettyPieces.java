package dev.runnel.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;

/** 160 pieces of 64 KiB, which the handler of chunks asks for while the channel is writable. */
final class NettyPieces implements ChunkedInput<ByteBuf> {
  private static final int COUNT = 160;
  private static final byte[] PIECE = new byte[64 * 1024];

  private int produced;

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) {
    produced++;
    return Unpooled.wrappedBuffer(PIECE);
  }

  @Override
  @Deprecated
  public ByteBuf readChunk(ChannelHandlerContext ctx) {
    return readChunk(ctx.alloc());
  }

  @Override
  public boolean isEndOfInput() {
    return produced == COUNT;
  }

  @Override
  public long length() {
    return (long) COUNT * PIECE.length;
  }

  @Override
  public long progress() {
    return (long) produced * PIECE.length;
  }

  @Override
  public void close() {}
}
