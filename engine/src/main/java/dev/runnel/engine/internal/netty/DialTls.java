package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.tls.ClientContexts;
import dev.runnel.engine.internal.tls.ClientContexts.Use;
import dev.runnel.http.TlsInfo;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Proxy;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The TLS of a dial: with its server, and before that perhaps with a proxy. */
final class DialTls {
  private static final String HTTP_2 = "h2";
  private static final String HTTP_1_1 = "http/1.1";

  private final Dial dial;
  private final ClientLoop loop;
  private final Destination to;
  private @Nullable CompletionStage<SslContext> context;
  private @Nullable String agreed;

  DialTls(Dial dial, ClientLoop loop, Destination to) {
    this.dial = dial;
    this.loop = loop;
    this.to = to;
  }

  /** Begins to read files, while the connection is made. */
  void prepare() {
    ClientTls tls = to.tls();
    if (tls != null) {
      context = loop.contexts().find(tls, new Use(offered(tls), false));
    }
  }

  private List<String> offered(ClientTls tls) {
    return switch (to.protocol()) {
      case NEGOTIATED -> tls.alpn();
      case HTTP_1_1 -> List.of(HTTP_1_1);
      case HTTP_2 -> List.of(HTTP_2);
    };
  }

  boolean isHttp2() {
    return HTTP_2.equals(agreed);
  }

  void withServer() {
    String name = to.serverName() == null ? to.host() : to.serverName();
    CompletionStage<SslContext> ready = context;
    if (ready != null) {
      shake(ready, name, to.port(), new Server(name));
    }
  }

  /** The proxy is trusted as the server is, but shown no certificate of ours. */
  void withProxy(Proxy proxy) {
    dial.doing("TLS with the proxy " + Hosts.name(proxy));
    ClientTls tls = to.tls() == null ? ClientTls.DEFAULT : to.tls();
    CompletionStage<SslContext> ready = loop.contexts().find(tls, new Use(List.of(HTTP_1_1), true));
    shake(ready, proxy.host(), proxy.port(), new ToProxy(proxy));
  }

  private void shake(
      CompletionStage<SslContext> ready, String name, int port, ClientShaking.Hands hands) {
    ready.whenComplete(
        (made, error) ->
            loop.run(
                () -> {
                  if (dial.isOver()) {
                    return;
                  }
                  if (made == null) {
                    Throwable cause = Hosts.unwrapped(error);
                    dial.fail(hands.unshaken(String.valueOf(cause.getMessage()), cause));
                  } else {
                    shake(made, name, port, hands);
                  }
                }));
  }

  private void shake(SslContext made, String name, int port, ClientShaking.Hands hands) {
    NettyLink link = dial.link();
    SSLEngine engine;
    try {
      engine = ClientContexts.engine(made, link.channel().alloc(), name, port);
    } catch (IllegalArgumentException e) {
      dial.fail(hands.unshaken("no certificate can be for the name '" + name + "'", e));
      return;
    }
    // BoringSSL never renegotiates; the JDK must be kept from it.
    SslHandler handler =
        made instanceof JdkSslContext ? new FirmSslHandler(engine) : new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(0); // the dial's own deadline includes it
    dial.become(new ClientShaking(dial, link, hands));
    link.channel().pipeline().addBefore(link.name(), null, handler);
  }

  private final class Server implements ClientShaking.Hands {
    private final String name;

    Server(String name) {
      this.name = name;
    }

    @Override
    public void shaken(SslHandler tls) {
      TlsInfo info = Shaking.agreed(tls, ClientContexts.isAddress(name) ? null : name);
      agreed = info.alpn();
      String missing = missing();
      if (missing != null) {
        dial.fail(unshaken(missing, null));
        return;
      }
      dial.link().connection().secured(info);
      dial.next();
    }

    /** What was asked for and not agreed on: without ALPN it is HTTP/1.1. */
    private @Nullable String missing() {
      ClientTls tls = to.tls();
      List<String> wanted = tls == null ? List.of() : offered(tls);
      if (agreed == null && !wanted.isEmpty() && !wanted.contains(HTTP_1_1)) {
        return "the server did not agree on h2";
      }
      return null;
    }

    @Override
    public ClientException unshaken(String why, @Nullable Throwable cause) {
      return new ClientException(
          Reason.TLS, "TLS with " + dial.name() + " failed: " + why, true, cause);
    }
  }

  private final class ToProxy implements ClientShaking.Hands {
    private final Proxy proxy;

    ToProxy(Proxy proxy) {
      this.proxy = proxy;
    }

    @Override
    public void shaken(SslHandler tls) {
      dial.become(new DialPhase(dial, dial.link()));
      dial.next();
    }

    @Override
    public ClientException unshaken(String why, @Nullable Throwable cause) {
      return new ClientException(
          Reason.PROXY, "TLS with the proxy " + Hosts.name(proxy) + " failed: " + why, true, cause);
    }
  }
}
