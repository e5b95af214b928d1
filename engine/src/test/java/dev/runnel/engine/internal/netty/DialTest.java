package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Version;
import dev.runnel.server.Eventually;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.Proxy;
import dev.runnel.transport.Proxy.Kind;
import dev.runnel.transport.Resolver;
import dev.runnel.transport.TransportOptions;
import io.netty.channel.local.LocalAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dials in memory, to the millisecond; what a connection speaks then is no matter here. */
class DialTest {
  private static final Proxy PROXY = new Proxy(Kind.HTTP, "proxy.test", 3128);

  private final LocalTransport memory = new LocalTransport();
  private final MemoryEnd end = new MemoryEnd(memory);
  private final List<String> asked = new ArrayList<>();
  private CompletionStage<List<InetAddress>> answer =
      CompletableFuture.completedFuture(List.of(address("192.0.2.1")));
  private final Resolver resolver =
      host -> {
        asked.add(host);
        return answer;
      };
  private final NettyClient client =
      memory.client(TransportOptions.DEFAULT.withResolver(resolver), BareMachine::make);

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void nothingIsLeft() {
    CompletableFuture<Void> closed = client.closeAsync();
    memory.run();
    assertThat(closed).isCompleted();
    assertThat(client.connections()).isZero();
    assertThat(end.open()).isZero();
    end.close();
    memory.advance(Duration.ofMinutes(1)); // no timer does anything any more
  }

  private Dialled dial(String host) {
    Dialled dialled = Dialled.of(client, Destinations.of(host, 80));
    assertThat(dialled.log).as("nobody is told within dial()").isEmpty();
    return dialled;
  }

  private static void failed(Dialled dialled, Reason reason, String... words) {
    assertThat(dialled.log).containsExactly("failed " + reason);
    assertThat(dialled.error).hasMessageContainingAll(words);
    assertThat(dialled.error.isUnprocessed()).isTrue();
  }

  @Test
  void aConnectionIsThereAndKept() {
    Dialled dialled = dial("a.test");
    memory.run();
    assertThat(asked).containsExactly("a.test");
    assertThat(dialled.log).containsExactly("opened");
    assertThat(dialled.machine.version()).isEqualTo(Version.HTTP_1_1);
    assertThat(dialled.machine.log()).containsExactly("opened");
    dialled.machine.send("hello");
    memory.run();
    assertThat(end.got()).isEqualTo("hello");
    end.say("world");
    assertThat(dialled.machine.text()).isEqualTo("world");
    assertThat(client.connections()).isEqualTo(1);
    end.hangUp();
    assertThat(dialled.log).containsExactly("opened", "closed");
  }

  @Test
  void literalsAndLocalhostAreNeverAsked() {
    for (String host :
        List.of("192.0.2.7", "2001:db8::7", "localhost", "a.localhost", "LocalHost.")) {
      Dialled dialled = dial(host);
      memory.run();
      assertThat(dialled.log).containsExactly("opened");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void anAddressThatIsGivenIsNotResolved() {
    Dialled dialled = Dialled.of(client, Destinations.at(memory.address()));
    memory.run();
    assertThat(dialled.log).containsExactly("opened");
    assertThat(asked).isEmpty();
  }

  @Test
  void whatResolversGetWrong() {
    answer = CompletableFuture.completedFuture(List.of());
    Dialled none = dial("a.test");
    memory.run();
    failed(none, Reason.RESOLVE, "cannot resolve a.test: it has no address");
    answer = CompletableFuture.failedFuture(new UnknownHostException("NXDOMAIN"));
    Dialled unknown = dial("b.test");
    memory.run();
    failed(unknown, Reason.RESOLVE, "cannot resolve b.test: NXDOMAIN");
    answer = null;
    Dialled nothing = dial("c.test");
    memory.run();
    failed(nothing, Reason.RESOLVE, "returned null");
    answer = CompletableFuture.completedFuture(null);
    Dialled noList = dial("d.test");
    memory.run();
    failed(noList, Reason.RESOLVE, "d.test");
    answer = CompletableFuture.completedFuture(Arrays.asList(address("192.0.2.1"), null));
    Dialled holes = dial("e.test");
    memory.run();
    failed(holes, Reason.RESOLVE, "e.test");
  }

  @Test
  void resolversThatAnswerLateFromOtherThreadsOrNeverArePartOfTheTime() {
    CompletableFuture<List<InetAddress>> late = new CompletableFuture<>();
    answer = late;
    Dialled dialled = dial("a.test");
    memory.advance(Duration.ofMillis(9_999));
    assertThat(dialled.log).isEmpty();
    memory.advance(Duration.ofMillis(1));
    failed(
        dialled,
        Reason.CONNECT_TIMEOUT,
        "no connection to a.test:80 within PT10S: resolving a.test");
    late.complete(List.of(address("192.0.2.1")));
    memory.run();
    assertThat(end.accepted()).isZero();
  }

  @Test
  void nobodyThereIsAnErrorWithEachAddress() {
    end.close();
    answer =
        CompletableFuture.completedFuture(List.of(address("2001:db8::1"), address("192.0.2.1")));
    Dialled dialled = dial("a.test");
    memory.run();
    failed(
        dialled,
        Reason.CONNECT,
        "cannot connect to a.test:80: [2001:db8::1]:80 (",
        "192.0.2.1:80 (");
  }

  @Test
  void aDialIsGivenUpAtAnyMoment() {
    CompletableFuture<List<InetAddress>> late = new CompletableFuture<>();
    answer = late;
    Dialled before = dial("a.test");
    before.cancel();
    Dialled resolving = dial("b.test");
    memory.run();
    resolving.cancel();
    late.complete(List.of(address("192.0.2.1")));
    memory.run();
    assertThat(end.accepted()).isZero();
    Dialled waiting = Dialled.of(client, Destinations.through(PROXY, "c.test", 80));
    memory.run();
    assertThat(end.open()).isEqualTo(1);
    waiting.cancel();
    waiting.cancel();
    memory.run();
    assertThat(end.open()).isZero();
    for (Dialled dialled : List.of(before, resolving, waiting)) {
      assertThat(dialled.log).isEmpty();
    }
  }

  @Test
  void aConnectionThatIsThereIsNotOfTheDialAnyMore() {
    Dialled dialled = dial("a.test");
    memory.run();
    dialled.cancel();
    memory.run();
    assertThat(end.open()).isEqualTo(1);
  }

  @Test
  void closingFailsDialsAndClosesConnections() {
    Dialled there = dial("a.test");
    memory.run();
    answer = new CompletableFuture<>();
    Dialled resolving = dial("b.test");
    memory.run();
    Dialled notBegun = dial("c.test");
    CompletableFuture<Void> closed = client.closeAsync();
    memory.run();
    assertThat(closed).isCompleted();
    assertThat(client.closeAsync()).isCompleted();
    failed(resolving, Reason.CLOSED, "closed");
    failed(notBegun, Reason.CLOSED, "closed");
    assertThat(there.machine.log()).containsExactly("opened", "closed now: CLOSED", "closed");
    Dialled late = dial("d.test");
    memory.run();
    failed(late, Reason.CLOSED, "the client is closed");
  }

  @Test
  void closeDoesNotWaitForItsOwnLoop() {
    assertThatThrownBy(client::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closeAsync");
  }

  @Test
  void aLoopOfAnotherClientIsRefused() {
    NettyClient other = memory.client(TransportOptions.DEFAULT, BareMachine::make);
    assertThatThrownBy(
            () -> client.dial(Destinations.of("a.test", 80), other.loop(), Times.DEFAULT, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a loop of this client");
    assertThat(other.closeAsync()).isCompleted();
  }

  @Test
  void noTimesAreNoLimits() {
    answer = new CompletableFuture<>();
    Dialled dialled =
        Dialled.of(client, Destinations.of("a.test", 80), new Times(Duration.ZERO, Duration.ZERO));
    memory.advance(Duration.ofHours(5));
    assertThat(dialled.log).isEmpty();
    dialled.cancel();
  }

  // --- proxies ---

  @Test
  void aProxyIsAskedForATunnelAndNoByteIsLost() {
    Dialled dialled = Dialled.of(client, Destinations.through(PROXY, "a.test", 81));
    memory.run();
    assertThat(asked).containsExactly("proxy.test");
    assertThat(end.got()).isEqualTo("CONNECT a.test:81 HTTP/1.1\r\nHost: a.test:81\r\n\r\n");
    for (String c : "HTTP/1.1 200 OK\r\nVia: p\r\n\r".split("", -1)) {
      end.say(c);
    }
    assertThat(dialled.log).isEmpty();
    end.say("\nSETTINGS");
    assertThat(dialled.log).containsExactly("opened");
    assertThat(dialled.machine.version()).isEqualTo(Version.HTTP_2);
    end.say(" more");
    assertThat(dialled.machine.text()).isEqualTo("SETTINGS more");
  }

  @Test
  void requestsInClearAreForwardedWithoutATunnel() {
    Dialled dialled =
        Dialled.of(
            client, new Destination("a.test", 80, null, null, null, Protocol.NEGOTIATED, PROXY));
    memory.run();
    assertThat(asked).containsExactly("proxy.test");
    assertThat(dialled.log).containsExactly("opened");
    assertThat(end.got()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SOCKS4", "SOCKS4A", "SOCKS5", "SOCKS5H"})
  void socksProxiesAreToldNamesOrAddresses(Kind kind) {
    answer =
        CompletableFuture.completedFuture(List.of(address("2001:db8::1"), address("192.0.2.9")));
    Proxy proxy = new Proxy(kind, "192.0.2.77", 1080);
    Dialled dialled = Dialled.of(client, Destinations.through(proxy, "a.test", 81));
    memory.run();
    boolean five = kind == Kind.SOCKS5 || kind == Kind.SOCKS5H;
    if (five) {
      assertThat(end.got()).isEqualTo("\5\1\0");
      end.say("\5\0");
    }
    String four = "\300\0\2\11";
    assertThat(end.got())
        .isEqualTo(
            switch (kind) {
              case SOCKS4 -> "\4\1\0\121" + four + "\0";
              case SOCKS4A -> "\4\1\0\121\0\0\0\1\0a.test\0";
              case SOCKS5 -> "\5\1\0\1" + four + "\0\121";
              default -> "\5\1\0\3\6a.test\0\121";
            });
    assertThat(asked).hasSize(kind.resolvesNames() ? 0 : 1);
    end.say(five ? "\5\0\0\1\0\0\0\0\0\0rest" : "\0\132\0\0\0\0\0\0rest");
    assertThat(dialled.log).containsExactly("opened");
    assertThat(dialled.machine.text()).isEqualTo("rest");
  }

  @Test
  void socks4CarriesNoIpv6() {
    answer = CompletableFuture.completedFuture(List.of(address("2001:db8::1")));
    Proxy proxy = new Proxy(Kind.SOCKS4, "192.0.2.77", 1080);
    Dialled resolved = Dialled.of(client, Destinations.through(proxy, "a.test", 81));
    Dialled literal = Dialled.of(client, Destinations.through(proxy, "2001:db8::2", 81));
    memory.run();
    failed(resolved, Reason.PROXY, "socks4://192.0.2.77:1080: SOCKS4 carries IPv4 only");
    failed(literal, Reason.PROXY, "IPv4 only");
  }

  @Test
  void aProxyThatSpeaksOutOfTurnIsNone() {
    Proxy proxy = new Proxy(Kind.SOCKS5H, "192.0.2.77", 1080);
    Dialled dialled = Dialled.of(client, Destinations.through(proxy, "a.test", 81));
    memory.run();
    end.say("\5\0\5\0\0\1\0\0\0\0\0\0");
    failed(dialled, Reason.PROXY, "answered before it was asked");
  }

  @Test
  void aProxyThatRefusesHangsUpOrIsSilentIsNamedWithoutItsUser() {
    Proxy proxy = new Proxy(Kind.HTTP, "proxy.test", 3128, "wendolin", "s3cret");
    Dialled refused = Dialled.of(client, Destinations.through(proxy, "a.test", 81));
    memory.run();
    assertThat(end.got()).contains("Proxy-Authorization: Basic d2VuZG9saW46czNjcmV0\r\n");
    end.say("HTTP/1.1 407 No\r\n\r\n");
    failed(refused, Reason.PROXY, "http://proxy.test:3128: the proxy does not take", "(407)");
    Dialled hungUp = Dialled.of(client, Destinations.through(proxy, "a.test", 81));
    memory.run();
    end.say("HTTP/1.1 200 O");
    end.hangUp();
    failed(hungUp, Reason.PROXY, "http://proxy.test:3128: the proxy closed the connection");
    Dialled silent = Dialled.of(client, Destinations.through(proxy, "a.test", 81));
    memory.advance(Duration.ofMillis(9_999));
    assertThat(silent.log).isEmpty();
    memory.advance(Duration.ofMillis(1));
    failed(silent, Reason.CONNECT_TIMEOUT, "waiting for the proxy http://proxy.test:3128");
    for (Dialled dialled : List.of(refused, hungUp, silent)) {
      assertThat(dialled.error.getMessage()).doesNotContain("wendolin", "s3cret");
    }
  }

  @Test
  void bytesBeforeTlsAreAnErrorOfTheProxy() {
    Dialled dialled = Dialled.of(client, Destinations.tls(ClientTls.DEFAULT, "a.test", 443, PROXY));
    memory.run();
    end.say("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    failed(dialled, Reason.PROXY, "sent bytes before TLS began");
  }

  @Test
  void anAddressThatIsGivenIsWhereTheProxyConnects() {
    Dialled dialled =
        Dialled.of(
            client,
            new Destination(
                "a.test",
                80,
                new InetSocketAddress(address("192.0.2.5"), 8080),
                null,
                null,
                Protocol.HTTP_2,
                PROXY));
    memory.run();
    assertThat(end.got()).startsWith("CONNECT 192.0.2.5:8080 HTTP/1.1\r\n");
    dialled.cancel();
    assertThatThrownBy(
            () ->
                Dialled.of(
                    client,
                    new Destination(
                        "a.test", 80, new LocalAddress("x"), null, null, Protocol.HTTP_2, PROXY)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // --- TLS, as far as time goes ---

  @Test
  void aServerThatIsSilentInTlsHasItsOwnTime() {
    ClientTls tls = ClientTls.builder().trustAnybodyInsecurely().build();
    Dialled dialled = Dialled.of(client, Destinations.tls(tls, "a.test", 443, Protocol.NEGOTIATED));
    Eventually.until( // the trust is read by another thread
        () -> {
          memory.run();
          return !end.got().isEmpty();
        },
        "the first bytes of TLS");
    long begun = memory.now();
    memory.advance(Duration.ofMillis(4_999));
    assertThat(dialled.log).isEmpty();
    memory.advance(Duration.ofMillis(1));
    failed(dialled, Reason.TLS_TIMEOUT, "TLS with a.test:443 took longer than PT5S");
    assertThat(memory.now() - begun).isEqualTo(5_000_000_000L);
  }

  @Test
  void aClientThatFailsWhenItIsToldHasNoConnection() {
    client.dial(
        Destinations.of("a.test", 80),
        client.loop(),
        Times.DEFAULT,
        new Dialing() {
          @Override
          public ClientConnection.Listener opened(ClientConnection connection) {
            throw new IllegalStateException("of a test");
          }

          @Override
          public void failed(ClientException error) {
            throw new AssertionError("one of both");
          }
        });
    memory.run();
    assertThat(end.accepted()).isEqualTo(1);
    assertThat(end.open()).isZero();
  }
}
