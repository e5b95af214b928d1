package dev.runnel.peers;

import java.io.File;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/**
 * Spring WebFlux on Reactor Netty, without Boot. It sends neither a Date nor a Server header.
 * Handlers run on Reactor Netty's event loops: one for each processor and four at least, with
 * epoll, whose native library comes along. Both versions of HTTP/2 are asked for.
 */
public final class WebFluxServer {
  private WebFluxServer() {}

  public static void main(String[] args) {
    HttpHandler handler =
        WebHttpHandlerBuilder.applicationContext(
                new AnnotationConfigApplicationContext(WebFluxRoutes.class))
            .build();
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort != null) {
      server(handler, tlsPort)
          .secure(spec -> spec.sslContext(tls()))
          .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
          .bindNow();
    }
    DisposableServer clear =
        server(handler, Integer.getInteger("bench.port"))
            .protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
            .bindNow();
    clear.onDispose().block();
  }

  private static HttpServer server(HttpHandler handler, int port) {
    return HttpServer.create()
        .host("127.0.0.1")
        .port(port)
        .handle(new ReactorHttpHandlerAdapter(handler));
  }

  private static Http2SslContextSpec tls() {
    return Http2SslContextSpec.forServer(
        new File(System.getProperty("bench.cert")), new File(System.getProperty("bench.key")));
  }
}
