package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.internal.netty.RawServer.After;
import dev.runnel.engine.internal.netty.RawServer.Echo;
import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import dev.runnel.server.LeakCheck;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Proxy;
import dev.runnel.transport.Proxy.Kind;
import dev.runnel.transport.TransportOptions;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dials over sockets of this machine, on each transport; nothing leaves loopback. */
class DialTcpTest {
  private static final int LOOPS = 2;
  private static final String TRANSPORTS = "dev.runnel.server.TransportCases#loaded";

  private final LeakCheck leaks = new LeakCheck();
  private NettyClient client;
  private RawServer server;

  @AfterEach
  void nothingIsLeft() {
    if (client != null) {
      client.close();
      assertThat(client.connections()).isZero();
    }
    if (server != null) {
      Eventually.until(() -> server.isQuiet(), "the server's connections to close");
      server.close();
    }
    leaks.verify();
  }

  private void open(Transport on, TransportOptions options, int loops) {
    client = NettyClient.open(options, ClientKit.of(on, loops), BareMachine::make);
  }

  private void open(Transport on) {
    open(on, TransportOptions.DEFAULT, LOOPS);
  }

  private static Dialled ended(Dialled dialled) {
    Eventually.until(dialled::isOver, "the dial to end");
    return dialled;
  }

  private static void echoes(Dialled dialled) {
    ended(dialled);
    assertThat(dialled.error).isNull();
    dialled.machine.send("hello");
    Eventually.until(() -> dialled.machine.text().equals("hello"), "the echo");
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void bytesGoBothWaysAndHalvesEnd(Transport on) {
    server = new RawServer(p -> p.addLast(new Echo()));
    open(on);
    Dialled dialled = Dialled.of(client, Destinations.of("localhost", server.port()));
    echoes(dialled);
    assertThat(dialled.machine.remoteAddress()).isEqualTo(server.address());
    assertThat(dialled.machine.tls()).isNull();
    dialled.machine.endOutput();
    Eventually.until(() -> dialled.machine.log().contains("input ended"), "the server's half");
    dialled.machine.close();
    Eventually.until(() -> dialled.log.contains("closed"), "the end");
    assertThat(dialled.log).containsExactly("opened", "closed");
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void nobodyListens(Transport on) throws IOException {
    open(on);
    int port = freePort();
    Dialled dialled = ended(Dialled.of(client, Destinations.of("127.0.0.1", port)));
    assertThat(dialled.error.reason()).isEqualTo(Reason.CONNECT);
    assertThat(dialled.error)
        .hasMessage("cannot connect to 127.0.0.1:%1$d: 127.0.0.1:%1$d (Connection refused)", port);
    Proxy proxy = new Proxy(Kind.HTTP, "127.0.0.1", port, "wendolin", "s3cret");
    Dialled through = ended(Dialled.of(client, Destinations.through(proxy, "a.test", 80)));
    assertThat(through.error)
        .hasMessageStartingWith("cannot connect to the proxy http://127.0.0.1:" + port)
        .message()
        .doesNotContain("wendolin");
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void theNextAddressIsTakenWhereOneRefuses(Transport on) {
    server = new RawServer(p -> p.addLast(new Echo()));
    List<InetAddress> addresses =
        List.of(
            HostNames.literal("::1"),
            HostNames.literal("127.0.0.2"),
            HostNames.literal("127.0.0.1"));
    open(
        on,
        TransportOptions.DEFAULT.withResolver(
            host -> CompletableFuture.supplyAsync(() -> addresses)),
        1);
    echoes(Dialled.of(client, Destinations.of("a.test", server.port())));
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aBlackHoleIsOvertakenOrTimesOut(Transport on) throws IOException {
    server = new RawServer(p -> p.addLast(new Echo()));
    // A listener with a full backlog takes no further connection, and says nothing.
    try (ServerSocket hole = new ServerSocket()) {
      hole.bind(new InetSocketAddress(HostNames.literal("127.0.0.2"), server.port()), 1);
      List<Socket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < 8; i++) {
          Socket one = new Socket();
          crowd.add(one);
          try {
            one.connect(hole.getLocalSocketAddress(), 50);
          } catch (IOException e) {
            break; // full
          }
        }
        List<InetAddress> addresses =
            List.of(HostNames.literal("127.0.0.2"), HostNames.literal("127.0.0.1"));
        open(
            on,
            TransportOptions.DEFAULT
                .withResolver(host -> CompletableFuture.completedFuture(addresses))
                .withAttemptDelay(Duration.ofMillis(30)),
            1);
        echoes(Dialled.of(client, Destinations.of("a.test", server.port())));
        Dialled alone =
            ended(
                Dialled.of(
                    client,
                    Destinations.of("127.0.0.2", server.port()),
                    new Times(Duration.ofMillis(100), Duration.ZERO)));
        assertThat(alone.error.reason()).isEqualTo(Reason.CONNECT_TIMEOUT);
        assertThat(alone.error)
            .hasMessageContaining("127.0.0.2:" + server.port() + " (no answer)")
            .hasMessageContaining("within PT0.1S");
      } finally {
        for (Socket one : crowd) {
          one.close();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void unixDomainSocketsWhereTheTransportHasThem(Transport on, @TempDir Path directory)
      throws IOException {
    UnixDomainSocketAddress place = UnixDomainSocketAddress.of(directory.resolve("s"));
    open(on);
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(place);
      Dialled dialled = ended(Dialled.of(client, Destinations.at(place)));
      if (on == Transport.IO_URING) {
        assertThat(dialled.error.reason()).isEqualTo(Reason.CONNECT);
        assertThat(dialled.error).hasMessageContaining("has no Unix domain sockets");
        return;
      }
      try (SocketChannel accepted = listener.accept()) {
        accepted.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        Eventually.until(() -> dialled.machine.text().equals("hello"), "the bytes");
      }
      Eventually.until(
          () -> dialled.log.contains("closed") || dialled.machine.log().contains("input ended"),
          "the end");
    }
    Dialled gone =
        ended(
            Dialled.of(
                client, Destinations.at(UnixDomainSocketAddress.of(directory.resolve("none")))));
    assertThat(gone.error.reason()).isEqualTo(Reason.CONNECT);
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aTunnelOfAProxyThatAnswersByteByByte(Transport on) {
    String answer = "HTTP/1.1 200 OK\r\nVia: p\r\n\r\nearly";
    server =
        new RawServer(
            p ->
                p.addLast(
                    new After(
                        "\r\n\r\n",
                        ctx -> {
                          for (String c : answer.split("", -1)) {
                            ctx.writeAndFlush(Unpooled.copiedBuffer(c, StandardCharsets.US_ASCII));
                          }
                        })));
    open(on);
    Proxy proxy = new Proxy(Kind.HTTP, "localhost", server.port());
    Dialled dialled = ended(Dialled.of(client, Destinations.through(proxy, "a.test", 80)));
    assertThat(dialled.error).isNull();
    Eventually.until(() -> dialled.machine.text().equals("early"), "the server's first bytes");
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void dialsGivenUpAtRandomMomentsLeaveNothing(Transport on) {
    server = new RawServer(p -> p.addLast(new Echo()));
    open(on);
    SplittableRandom random = new SplittableRandom(1);
    List<Dialled> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Dialled dialled = Dialled.of(client, Destinations.of("localhost", server.port()));
      all.add(dialled);
      for (int spins = random.nextInt(20_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      dialled.cancel();
    }
    for (int i = 0; i < LOOPS; i++) {
      // They take turns; what was asked of each before this is done then.
      CompletableFuture<Void> passed = new CompletableFuture<>();
      client.loop().execute(() -> passed.complete(null));
      passed.join();
    }
    for (Dialled dialled : all) {
      assertThat(dialled.error).isNull();
      if (dialled.machine != null) {
        dialled.machine.close(); // it was there first
      }
    }
    Eventually.until(() -> client.connections() == 0, "all to be gone");
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void closingEndsWhatIsThereAndTheThreads(Transport on) throws Exception {
    server = new RawServer(p -> p.addLast(new Echo()));
    open(on);
    Dialled there = Dialled.of(client, Destinations.of("localhost", server.port()));
    echoes(there);
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    Loop loop = client.loop();
    loop.execute(
        () -> {
          assertThat(client.loop()).isSameAs(loop);
          try {
            client.close();
          } catch (IllegalStateException e) {
            refused.complete(e);
          }
        });
    assertThat(Eventually.get(refused, "the refusal")).hasMessageContaining("closeAsync");
    Eventually.get(client.closeAsync(), "the end of the client");
    assertThat(there.log).containsExactly("opened", "closed");
    assertThat(there.machine.log()).contains("closed now: CLOSED");
    Dialled late = Dialled.of(client, Destinations.of("localhost", server.port()));
    assertThat(late.error.reason()).isEqualTo(Reason.CLOSED);
    late.cancel();
  }

  @Test
  void loopsTakeTurns() {
    open(Transport.NIO);
    assertThat(client.loop()).isNotSameAs(client.loop());
    Loop loop = client.loop();
    client.loop();
    assertThat(client.loop()).isSameAs(loop);
  }

  @Test
  void aTransportThatDoesNotLoadIsRefused() {
    assertThatThrownBy(
            () ->
                NettyClient.open(
                    TransportOptions.DEFAULT.withTransport(Transport.KQUEUE).withLoops(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kqueue does not load here");
  }
}
