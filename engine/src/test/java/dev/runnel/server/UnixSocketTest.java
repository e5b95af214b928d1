package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.ServerStartException;
import dev.runnel.http.Response;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Unix domain sockets, and what may stand where one is to be. */
@ParameterizedClass
@EnumSource(names = {"NIO", "EPOLL"})
@Timeout(30) // the JDK's channels cannot be read with a deadline
class UnixSocketTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  @Parameter Transport transport;
  @TempDir Path directory;
  private Path socket;

  @BeforeEach
  void takeWhatLoads() {
    assumeThat(TransportCases.loaded()).contains(transport);
    socket = directory.resolve("s");
  }

  private Server start(String answer) {
    return Server.builder()
        .listen(ListenAddress.unix(socket))
        .options(o -> o.transport(transport))
        .handler(x -> x.respond(Response.ok(answer)))
        .start();
  }

  private String get() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      Channels.newOutputStream(channel).write(GET.getBytes(StandardCharsets.ISO_8859_1));
      return new String(
          Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static void stop(Server server) {
    assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
  }

  @Test
  void aRequestIsAnswered() throws IOException {
    Server server = start("hello");
    try {
      assertThat(server.addresses()).containsExactly(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
      assertThat(get()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
    } finally {
      stop(server);
    }
  }

  @Test
  void aSocketThatACrashedServerLeftIsReplaced() throws IOException {
    // The JDK's own listener leaves its file when it closes, as a killed process does.
    try (ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      old.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
    Server server = start("new");
    try {
      assertThat(get()).endsWith("new");
    } finally {
      stop(server);
    }
  }

  @Test
  void aServerTakesThePlaceOfAStoppedOne() throws IOException {
    for (int i = 0; i < 20; i++) {
      stop(start("old")); // java.nio closes a socket some time after its channel
    }
    Server server = start("new");
    try {
      assertThat(get()).endsWith("new");
    } finally {
      stop(server);
    }
  }

  @Test
  void aFileInItsPlaceIsNotOurs() throws IOException {
    Files.writeString(socket, "precious");
    assertThatThrownBy(() -> start("hello"))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining(socket.toString())
        .message()
        .doesNotContain("\n");
    assertThat(socket).isRegularFile().hasContent("precious");
  }

  @Test
  void theSocketOfALiveServerIsNotStolen() throws IOException {
    Server first = start("first");
    try {
      assertThatThrownBy(() -> start("second"))
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining(socket.toString());
      assertThat(get()).endsWith("first");
    } finally {
      stop(first);
    }
  }
}
