package dev.runnel.conformance.contract;

import dev.runnel.testing.Peer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The client's side of TLS, by the JDK. */
final class ClientTls {
  private static final SSLContext CONTEXT = TlsFiles.client();

  private ClientTls() {}

  /** For a connection in memory on which ALPN agrees on this protocol. */
  static SSLEngine engine(String protocol) {
    SSLEngine engine = CONTEXT.createSSLEngine("localhost", 443);
    engine.setUseClientMode(true);
    engine.setSSLParameters(with(engine.getSSLParameters(), protocol));
    return engine;
  }

  /** A connection on which ALPN agreed on this protocol. */
  static Peer connect(int port, int receiveBuffer, String protocol) {
    try {
      return TcpPeer.tls(
          port,
          receiveBuffer,
          CONTEXT,
          socket -> socket.setSSLParameters(with(socket.getSSLParameters(), protocol)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLParameters with(SSLParameters parameters, String protocol) {
    parameters.setApplicationProtocols(new String[] {protocol});
    return parameters;
  }
}
