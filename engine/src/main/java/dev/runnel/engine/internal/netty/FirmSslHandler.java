package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * TLS by the JDK, without renegotiation. The JDK lets a peer of TLS 1.2 begin a new handshake
 * whenever it likes, each a hundred times the work of asking for it, and has no switch for one
 * connection (jdk.tls.rejectClientInitiatedRenegotiation is read once in a process, when its first
 * class of TLS loads). Up to TLS 1.2 the kind of a record stands in clear in its first byte, and
 * after the first handshake none of this kind has any business here.
 */
final class FirmSslHandler extends SslHandler {
  private static final int RECORD_HANDSHAKE = 22;

  private boolean noMoreHandshakes;

  FirmSslHandler(SSLEngine engine) {
    super(engine);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    handshakeFuture()
        .addListener(
            done ->
                noMoreHandshakes =
                    done.isSuccess() && engine().getSession().getProtocol().equals("TLSv1.2"));
  }

  /** With the JDK's engines each call is for one record, or for more bytes of the same one. */
  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws SSLException {
    if (noMoreHandshakes
        && in.isReadable()
        && in.getUnsignedByte(in.readerIndex()) == RECORD_HANDSHAKE) {
      in.skipBytes(in.readableBytes());
      throw new SSLException("the peer wants to renegotiate, which is refused");
    }
    super.decode(ctx, in, out);
  }
}
