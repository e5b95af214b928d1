package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.http.TlsInfo;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the place of the protocol while TLS shakes hands, so that such a connection is counted,
 * limited in time and stopped like any other.
 */
final class Handshaking implements Shaking {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  private final NettyLink link;
  private final Function<TlsInfo, Machine> protocol;
  private @Nullable String serverName;

  /**
   * @param protocol makes the machine that goes on behind the handshake
   */
  Handshaking(NettyLink link, Function<TlsInfo, Machine> protocol) {
    this.link = link;
    this.protocol = protocol;
  }

  /** The client asked for this host name, or for none. */
  void asked(@Nullable String host) {
    serverName = host;
  }

  @Override
  public void succeeded(SslHandler tls) {
    TlsInfo info = Shaking.agreed(tls, serverName);
    link.connection().secured(info);
    link.become(protocol.apply(info));
  }

  /** Why it failed is worth a line only to whoever looks for it: scanners do so all day. */
  @Override
  public void failed(Throwable cause) {
    LOG.debug("TLS handshake with {} failed: {}", link.connection().remote(), cause.toString());
  }

  @Override
  public void opened() {
    link.deadline(link.connection().endpoint().timeouts().tlsHandshake());
    link.reading(true);
  }

  @Override
  public void received(ByteBuf in) {
    in.release();
    throw new IllegalStateException("bytes in clear came before the end of the handshake");
  }

  @Override
  public void inputEnded() {
    link.closeNow();
  }

  @Override
  public void writable() {
    // TLS writes by itself
  }

  @Override
  public void timedOut() {
    LOG.debug("no TLS handshake with {} in time, closed", link.connection().remote());
    link.closeNow();
  }

  @Override
  public void drain() {
    // its first request may be on its way, as on any connection that is new
  }

  @Override
  public void closeIfIdle() {
    link.closeNow();
  }

  @Override
  public void cancel(CancelCause cause) {
    link.closeNow();
  }

  @Override
  public void closed() {
    // nothing is held here
  }
}
