package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.tls.TlsFailures;
import dev.runnel.transport.ClientException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** Waits for TLS with a server, or with a proxy. */
final class ClientShaking extends DialPhase implements Shaking {
  private final Hands hands;

  /** Whose hands are shaken. */
  interface Hands {
    void shaken(SslHandler tls);

    ClientException unshaken(String why, @Nullable Throwable cause);
  }

  ClientShaking(Dial dial, NettyLink link, Hands hands) {
    super(dial, link);
    this.hands = hands;
  }

  @Override
  public void opened() {
    link.reading(true);
  }

  @Override
  public void succeeded(SslHandler tls) {
    hands.shaken(tls);
  }

  @Override
  public void failed(Throwable cause) {
    dial.fail(hands.unshaken(TlsFailures.words(cause), cause));
  }

  @Override
  public void received(ByteBuf in) {
    in.release();
    throw new IllegalStateException("bytes in clear came before the end of the handshake");
  }

  /** TLS itself tells of an end in its middle; a half-closed peer never will. */
  @Override
  public void inputEnded() {
    dial.fail(lost());
  }

  @Override
  ClientException lost() {
    LinkLoss loss = link.loss();
    return loss == null
        ? hands.unshaken(
            "the peer closed the connection in the middle of the handshake",
            new ClosedChannelException())
        : hands.unshaken(TlsFailures.words(loss.cause()), loss.cause());
  }
}
