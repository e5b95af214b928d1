package dev.runnel.conformance.client;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.client.ProxyChoice;
import dev.runnel.engine.Handler;
import dev.runnel.server.LiveServer;
import dev.runnel.server.Server;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination.Protocol;

/** How our client speaks with our server, over TCP. */
enum Way {
  HTTP_1_1(Protocol.HTTP_1_1, false),
  HTTP_2(Protocol.HTTP_2, false),
  HTTP_2_TLS(Protocol.NEGOTIATED, true);

  private final Protocol protocol;
  private final boolean secure;

  Way(Protocol protocol, boolean secure) {
    this.protocol = protocol;
    this.secure = secure;
  }

  LiveServer server(Handler handler) {
    Server.Builder builder = Server.builder().port(0).handler(handler).options(o -> o.loops(2));
    if (secure) {
      builder.tls(TlsFiles.server().build());
    }
    return LiveServer.start(builder);
  }

  ClientBuilder client() {
    ClientBuilder builder = Client.builder().protocol(protocol).proxies(ProxyChoice.NONE);
    if (secure) {
      builder.tls(ClientTls.builder().trust(TlsFiles.file("ca.pem")).build());
    }
    return builder.transport(t -> t.withLoops(2));
  }

  String url(LiveServer server, String target) {
    return (secure ? "https" : "http") + "://127.0.0.1:" + server.port() + target;
  }
}
