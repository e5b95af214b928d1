package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.link.Machine;
import dev.runnel.http.TlsInfo;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Holds the place of what goes on in TLS while it shakes hands, at either end. */
interface Shaking extends Machine {
  /** The handshake is over: what it agreed on can be told, and another machine takes the place. */
  void succeeded(SslHandler tls);

  /** There is no TLS; the connection is closed next. */
  void failed(Throwable cause);

  /** What a handshake agreed on. */
  static TlsInfo agreed(SslHandler tls, @Nullable String serverName) {
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
}
