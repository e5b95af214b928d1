package dev.runnel.conformance.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.client.ClientBuilder;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.Proxy;
import dev.runnel.transport.Proxy.Kind;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The client through proxies of others to a server of ours. The proxy goes before the server, which
 * waits for its connections to end: squid keeps them.
 */
class ProxyTest {
  @ParameterizedTest
  @CsvSource({
    "TINYPROXY, HTTP, HTTP_1",
    "TINYPROXY, HTTP, HTTP_1_TLS",
    "TINYPROXY, HTTP, HTTP_2_TLS",
    "SQUID, HTTP, HTTP_1",
    "SQUID, HTTP, HTTP_1_TLS",
    "SQUID, HTTP, HTTP_2_TLS",
    "MICROSOCKS, SOCKS5, HTTP_1",
    "MICROSOCKS, SOCKS5H, HTTP_2",
    "MICROSOCKS, SOCKS5H, HTTP_2_TLS",
    "DANTE, SOCKS4, HTTP_1",
    "DANTE, SOCKS5, HTTP_2",
    "DANTE, SOCKS5H, HTTP_2_TLS",
  })
  void callsGoThrough(Proxies kind, Kind protocol, Way way) {
    try (Origin origin = new Origin(way, o -> {});
        Proxies.Running proxy = kind.start(false);
        Caller caller = new Caller(way, b -> single(kind, b).proxy(proxy.proxy(protocol)))) {
      check(caller, origin, way);
    }
  }

  /**
   * Tinyproxy closes each connection behind an answer that does not say so, and what is sent
   * meanwhile is lost: its connections are kept for no second call.
   */
  private static ClientBuilder single(Proxies kind, ClientBuilder builder) {
    return kind == Proxies.TINYPROXY
        ? builder.pool(o -> o.withAge(Duration.ofNanos(1)).withIdle(Duration.ofNanos(1)))
        : builder;
  }

  /** By PUT: one that met such an end all the same may be sent again. */
  private static void check(Caller caller, Origin origin, Way way) {
    Response who = caller.get(origin.url("/who"));
    assertThat(who.headers().get("x-host")).isEqualTo("localhost:" + origin.port());
    assertThat(who.content().text()).startsWith(way.version + " /127.0.0.1:");
    byte[] content = Site.bytes(512 << 10);
    Response echoed = caller.fetch(Request.put(origin.url("/echo")).bytes(content));
    assertThat(echoed.content().bytes()).isEqualTo(content);
    List<String> wrong =
        Many.calls(
            200,
            8,
            i ->
                Many.expect(
                    caller.client().send(Request.put(origin.url("/echo")).text("call " + i)),
                    "call " + i));
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "TINYPROXY, HTTP, HTTP_1",
    "TINYPROXY, HTTP, HTTP_2_TLS",
    "SQUID, HTTP, HTTP_1",
    "SQUID, HTTP, HTTP_2_TLS",
    "MICROSOCKS, SOCKS5, HTTP_1",
    "MICROSOCKS, SOCKS5H, HTTP_2_TLS",
  })
  void theProxyWantsToKnowWho(Proxies kind, Kind protocol, Way way) {
    try (Origin origin = new Origin(way, o -> {});
        Proxies.Running proxy = kind.start(true)) {
      Proxy known = proxy.proxy(protocol, kind.password());
      try (Caller caller = new Caller(way, b -> single(kind, b).proxy(known))) {
        check(caller, origin, way);
      }
      try (Caller caller = new Caller(way, b -> b.proxy(proxy.proxy(protocol, "wrong")))) {
        refused(caller, origin, way, protocol);
      }
      try (Caller caller = new Caller(way, b -> b.proxy(proxy.proxy(protocol)))) {
        refused(caller, origin, way, protocol);
      }
    }
  }

  /** What is forwarded is answered by the proxy itself; a tunnel there is none. */
  private static void refused(Caller caller, Origin origin, Way way, Kind protocol) {
    Request request = Request.get(origin.url("/who"));
    if (protocol == Kind.HTTP && !way.isTls()) {
      assertThat(caller.status(request)).isIn(401, 407);
    } else {
      assertThatThrownBy(() -> caller.fetch(request))
          .isInstanceOfSatisfying(
              ClientException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.PROXY);
                assertThat(e.isUnprocessed()).isTrue();
              });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "HTTP_2_TLS"})
  void squidForbidsWhatItIsToldTo(Way way) {
    try (Origin origin = new Origin(Way.HTTP_1, o -> {});
        Proxies.Running proxy = Proxies.SQUID.start(false);
        Caller caller = new Caller(way, b -> b.proxy(proxy.proxy(Kind.HTTP)))) {
      assertThat(caller.status(Request.get(origin.url("/forbidden")))).isEqualTo(403);
      assertThat(caller.status(Request.get(origin.url("/who")))).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Proxies.class,
      names = {"MICROSOCKS", "DANTE"})
  void namesAreResolvedByWhoShould(Proxies kind) {
    try (Origin origin = new Origin(Way.HTTP_1, o -> {});
        Proxies.Running proxy = kind.start(false)) {
      try (Caller caller = deaf(proxy, Kind.SOCKS5H)) {
        assertThat(caller.text(origin.url("/who"))).startsWith("HTTP/1.1");
      }
      try (Caller caller = deaf(proxy, Kind.SOCKS5)) {
        assertThatThrownBy(() -> caller.get(origin.url("/who").replace("localhost", "a.test")))
            .isInstanceOfSatisfying(
                ClientException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RESOLVE));
      }
    }
  }

  /** A client that can resolve no name. */
  private static Caller deaf(Proxies.Running proxy, Kind protocol) {
    return new Caller(
        Way.HTTP_1,
        b ->
            b.proxy(proxy.proxy(protocol))
                .transport(
                    t ->
                        t.withResolver(
                            host ->
                                CompletableFuture.failedFuture(new UnknownHostException(host)))));
  }
}
