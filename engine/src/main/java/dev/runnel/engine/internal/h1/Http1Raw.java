package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.RawWire;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A connection that is HTTP no more (RFC 9110 7.8 and 9.3.6): its bytes as they are. */
final class Http1Raw implements RawWire {
  private final RawInput connection;
  private final SocketLink link;

  Http1Raw(RawInput connection, SocketLink link) {
    this.connection = connection;
    this.link = link;
  }

  @Override
  public ConnectionContext connection() {
    return link.connection();
  }

  @Override
  public boolean hasInput() {
    ByteBuf in = connection.parked();
    return in != null && in.isReadable();
  }

  @Override
  public @Nullable Bytes take(int about) {
    ByteBuf in = connection.parked();
    if (in == null || !in.isReadable()) {
      return null;
    }
    byte[] piece = new byte[Math.min(about, in.readableBytes())];
    in.readBytes(piece);
    connection.adjustReading();
    return Bytes.Unsafe.wrap(piece);
  }

  @Override
  public boolean isInputEnded() {
    return connection.hasInputEnded();
  }

  @Override
  public void write(Bytes bytes) {
    link.out().writeBytes(Bytes.Unsafe.array(bytes), Bytes.Unsafe.offset(bytes), bytes.length());
    link.wrote();
  }

  @Override
  public boolean isWritable() {
    return link.writable();
  }

  @Override
  public void endOutput() {
    link.shutdownOutput();
  }

  @Override
  public void close() {
    link.closeAfterFlush();
  }

  @Override
  public void discard() {
    ByteBuf in = connection.parked();
    if (in != null) {
      in.skipBytes(in.readableBytes());
    }
  }

  @Override
  public void reset() {
    link.closeNow();
  }

  @Override
  public void abort() {
    close(); // there is no framing any more in which to say that something failed
  }
}
