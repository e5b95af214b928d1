package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.http.TlsInfo;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the place of the protocol while TLS shakes hands, so that such a connection is counted,
 * limited in time and stopped like any other.
 */
final class Handshaking implements Machine {
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

  /** The machine that goes on with what was agreed on. */
  Machine next(TlsInfo info) {
    return protocol.apply(info);
  }

  /** The client asked for this host name, or for none. */
  void asked(@Nullable String host) {
    serverName = host;
  }

  /** The handshake is over, and what it agreed on can be told. */
  TlsInfo completed(SslHandler tls) {
    SSLSession session = tls.engine().getSession();
    return new TlsInfo(
        session.getProtocol(),
        session.getCipherSuite(),
        serverName,
        tls.applicationProtocol(),
        peer(session));
  }

  private static List<X509Certificate> peer(SSLSession session) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // it sent none, or was not asked
    }
    return chain;
  }

  /** Why it failed is worth a line only to whoever looks for it: scanners do so all day. */
  void failed(Throwable cause) {
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
