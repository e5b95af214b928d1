package dev.runnel.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Tls;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.TlsFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The WebSocket client of the JDK, which speaks HTTP/1.1, in clear and over TLS. */
@ParameterizedClass(name = "tls {0}")
@ValueSource(booleans = {false, true})
class JdkWebSocketTest {
  /** Older than any server, whose leak check would take the client's selector for its own. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().sslContext(TlsFiles.client()).build();

  @Parameter boolean secure;

  private LiveServer server;

  @BeforeEach
  void start() {
    Tls tls = secure ? TlsFiles.server().build() : null;
    server = ProgramsKt.serve(new ClientEndpoints(), tls);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** What came, in order: messages whole, pongs, and the close at the end. */
  private static final class Listener implements WebSocket.Listener {
    final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    final CompletableFuture<String> end = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder bytes = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        news.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      while (data.hasRemaining()) {
        bytes.append(data.get()).append(' ');
      }
      if (last) {
        news.add("binary " + bytes);
        bytes.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      news.add("pong of " + message.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      end.complete(code + " " + reason);
      return null; // answered with the same code, at once
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end.completeExceptionally(error);
    }

    String next() throws InterruptedException {
      String next = news.poll(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(next).as("something that comes").isNotNull();
      return next;
    }

    String end() throws Exception {
      return Eventually.get(end, "the end");
    }
  }

  private WebSocket open(String path, Listener listener, String... protocols) {
    WebSocket.Builder builder = CLIENT.newWebSocketBuilder();
    if (protocols.length > 0) {
      builder.subprotocols(
          protocols[0], List.of(protocols).subList(1, protocols.length).toArray(new String[0]));
    }
    String base = secure ? "wss://localhost:" : "ws://127.0.0.1:";
    return builder.buildAsync(URI.create(base + server.port() + path), listener).join();
  }

  private static void leave(WebSocket socket, Listener listener, int code) throws Exception {
    socket.sendClose(code, "done").join();
    assertThat(listener.end()).isEqualTo(code + " ");
  }

  @Test
  void textAndBinary() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("/plain", listener);
    for (String text : List.of("", "Hello", "äöü€😀", "x".repeat(126), "ü".repeat(100_000))) {
      socket.sendText(text, true).join();
      assertThat(listener.next()).isEqualTo(text);
    }
    socket.sendBinary(ByteBuffer.wrap(new byte[] {0, -1, 127}), true).join();
    assertThat(listener.next()).isEqualTo("binary 0 -1 127 ");
    leave(socket, listener, 1000);
  }

  @Test
  void fragmentsAndPings() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("/plain", listener);
    socket.sendText("one, ", false).join();
    socket.sendPing(ByteBuffer.wrap(new byte[125])).join();
    assertThat(listener.next()).isEqualTo("pong of 125");
    socket.sendText("two", true).join();
    assertThat(listener.next()).isEqualTo("one, two");
    leave(socket, listener, 3000);
  }

  @Test
  void manyInOrder() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("/plain", listener);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String text = i + " " + "x".repeat(i);
      sent.add(text);
      socket.sendText(text, true).join();
    }
    List<String> came = new ArrayList<>();
    while (came.size() < sent.size()) {
      came.add(listener.next());
    }
    assertThat(came).isEqualTo(sent);
    leave(socket, listener, 4999);
  }

  @Test
  void theHandlerCloses() throws Exception {
    Listener leaves = new Listener();
    open("/leave", leaves);
    assertThat(leaves.end()).isEqualTo("4001 bye, and thank you");
    Listener counts = new Listener();
    open("/count/100", counts);
    assertThat(counts.end()).isEqualTo("1000 ");
    assertThat(counts.news).hasSize(100).startsWith("message 0").endsWith("message 99");
  }

  @Test
  void subProtocols() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("/echo", listener, "v1", "v2");
    assertThat(socket.getSubprotocol()).isEqualTo("v2");
    leave(socket, listener, 1000);
  }

  @Test
  void refused() {
    assertThatThrownBy(() -> open("/refuse", new Listener()))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void tooLarge() throws Exception {
    Listener listener = new Listener();
    WebSocket socket = open("/plain", listener);
    socket.sendBinary(ByteBuffer.allocate((1 << 20) + 1), true);
    assertThat(listener.end()).startsWith("1009 ");
  }

  @Test
  void aServerThatStopsSaysSo() throws Exception {
    Listener listener = new Listener();
    open("/plain", listener);
    var stopped = server.server().stopAsync(java.time.Duration.ofHours(1));
    assertThat(listener.end()).isEqualTo("1001 ");
    assertThat(Eventually.get(stopped.toCompletableFuture(), "the report").abandoned()).isZero();
  }
}
