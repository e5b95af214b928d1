package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.ServerStartException;
import dev.runnel.http.Response;
import dev.runnel.testing.Answer;
import dev.runnel.testing.TcpPeer;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transports, listeners and the life of a server. */
class PlatformTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static Server.Builder server(String answer) {
    return Server.builder().handler(x -> x.respond(Response.ok(answer)));
  }

  private static Answer get(int port) {
    try (TcpPeer peer = new TcpPeer(port)) {
      return peer.send(GET).answer();
    }
  }

  private static void stop(Server server) {
    assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
  }

  @ParameterizedTest
  @MethodSource("dev.runnel.server.TransportCases#loaded")
  void eachTransportThatLoadsServes(Transport transport) {
    Server server = server("hello").port(0).options(o -> o.transport(transport)).start();
    try {
      assertThat(server.transport()).isEqualTo(transport.name().toLowerCase(Locale.ROOT));
      assertThat(get(server.port()).body()).isEqualTo("hello");
    } finally {
      stop(server);
    }
  }

  @Test
  void nioLoadsEverywhere() {
    assertThat(TransportCases.loaded()).contains(Transport.NIO);
  }

  @Test
  void autoTakesTheBestThatLoads() {
    Server server = server("hello").port(0).options(o -> o.transport(Transport.AUTO)).start();
    try {
      List<Transport> loaded = TransportCases.loaded();
      assertThat(server.transport())
          .isEqualTo(
              loaded.contains(Transport.EPOLL)
                  ? "epoll"
                  : loaded.contains(Transport.KQUEUE) ? "kqueue" : "nio");
      assertThat(get(server.port()).body()).isEqualTo("hello");
    } finally {
      stop(server);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aNamedTransportThatDoesNotLoadIsSaidInOneLine() {
    assertThatThrownBy(
            () -> server("hello").port(0).options(o -> o.transport(Transport.KQUEUE)).start())
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("kqueue")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aFreePortIsTakenAndTold() {
    Server server = server("hello").port(0).start();
    try {
      assertThat(server.port()).isPositive();
      assertThat(server.uri()).isEqualTo(URI.create("http://127.0.0.1:" + server.port()));
      assertThat(server.addresses())
          .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    } finally {
      stop(server);
    }
  }

  @Test
  void severalListenersServeTheSame() {
    ListenAddress free = ListenAddress.tcp("127.0.0.1", 0);
    Server server = server("hello").port(0).listen(free).listen(free.asAdmin()).start();
    try {
      List<Integer> ports =
          server.addresses().stream().map(a -> ((InetSocketAddress) a).getPort()).toList();
      assertThat(ports).hasSize(3).doesNotHaveDuplicates().startsWith(server.port());
      assertThat(ports).allSatisfy(port -> assertThat(get(port).body()).isEqualTo("hello"));
    } finally {
      stop(server);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.runnel.server.TransportCases#loaded")
  void aPortInUseIsNamed(Transport transport) {
    Server first = server("first").port(0).options(o -> o.transport(transport)).start();
    try {
      assertThatThrownBy(
              () -> server("2nd").port(first.port()).options(o -> o.transport(transport)).start())
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining("127.0.0.1:" + first.port())
          .message()
          .doesNotContain("\n");
      assertThat(get(first.port()).body()).isEqualTo("first");
    } finally {
      stop(first);
    }
  }

  @Test
  void twoServersShareAPort() {
    assumeThat(TransportCases.loaded()).contains(Transport.EPOLL);
    Server one = sharing("one", 0);
    try {
      Server two = sharing("two", one.port());
      try {
        // The kernel picks by a hash of the addresses, so both come up sooner or later.
        Set<String> seen = new HashSet<>();
        Eventually.until(
            () -> {
              seen.add(get(one.port()).body());
              return seen.size() == 2;
            },
            "answers of both servers");
        assertThat(seen).containsExactlyInAnyOrder("one", "two");
      } finally {
        stop(two);
      }
    } finally {
      stop(one);
    }
  }

  private static Server sharing(String answer, int port) {
    return server(answer)
        .port(port)
        .options(o -> o.transport(Transport.EPOLL).reusePort(true))
        .start();
  }

  @Test
  void stoppingTwiceIsStoppingOnce() {
    Server server = server("hello").port(0).start();
    assertThat(server.isReady()).isTrue();
    assertThat(get(server.port()).status()).isEqualTo(200);
    DrainReport first = server.stop(Duration.ofSeconds(5));
    assertThat(first.abandoned()).isZero();
    assertThat(server.isReady()).isFalse();
    assertThat(server.stop(Duration.ZERO)).isEqualTo(first);
    server.close();
    assertThat(server.awaitStopped()).isEqualTo(first);
    assertThat(server.stopAsync(Duration.ZERO)).isCompletedWithValue(first);
    assertThatThrownBy(() -> new TcpPeer(server.port()).close())
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void closeStops() {
    Server server = server("hello").port(0).start();
    try (server) {
      assertThat(get(server.port()).status()).isEqualTo(200);
    }
    assertThat(server.isReady()).isFalse();
    assertThat(server.awaitStopped().abandoned()).isZero();
  }
}
