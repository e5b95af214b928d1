package dev.runnel.conformance.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.conformance.websocket.Endpoints.Face;
import dev.runnel.engine.LoopLife;
import dev.runnel.http.Request;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Version;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Peer;
import dev.runnel.testing.VirtualLoop;
import dev.runnel.transport.ClientException;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.Message;
import dev.runnel.ws.Deflate;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsClientHandshake;
import dev.runnel.ws.WsClientOptions;
import dev.runnel.ws.WsListener;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends of ours, in a conversation about nothing in particular. */
class ClientConversationTest {
  private static final int MESSAGES = 60;

  private static final Deflate ALL = Deflate.DEFAULT.withTakeover(true, true).withThreshold(0);

  /** What the two agree on. */
  private record Terms(String path, Deflate deflate) {
    static final Terms PLAIN = new Terms(Endpoints.ECHO, Deflate.OFF);

    static Stream<Terms> all() {
      return Stream.of(
          PLAIN,
          new Terms(Endpoints.DEFLATE_DEFAULT, Deflate.DEFAULT),
          new Terms(Endpoints.DEFLATE, ALL),
          new Terms(Endpoints.DEFLATE, ALL.withWindowBits(9, 10)));
    }
  }

  private record Case(Ground ground, Terms terms) {
    Version version() {
      return ground.isHttp2() ? Version.HTTP_2 : Version.HTTP_1_1;
    }
  }

  static Stream<Case> cases() {
    return Ground.all().flatMap(ground -> Terms.all().map(terms -> new Case(ground, terms)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsSaidComesBack(Case each) {
    Endpoints endpoints = new Endpoints();
    try (Stage stage = Stage.start(each.ground(), Face.JAVA.app(endpoints))) {
      Talk talk = new Talk(stage, each);
      WsChannel session = talk.open();
      talk.converse(session, new Random(each.toString().hashCode()));
      boolean unused = session.close(1000, "").toCompletableFuture().isDone();
      talk.until(() -> talk.closed != null, "for the answer to our Close");
      assertThat(talk.closed).isEqualTo(CloseReason.of(1000));
      talk.until(() -> talk.over, "for the server to close the connection");
      talk.until(() -> endpoints.closed() == 1, "for the server's end of the session");
      assertThat(endpoints.opened()).isEqualTo(1);
    }
  }

  static Stream<Ground> memory() {
    return Ground.memory();
  }

  @ParameterizedTest
  @MethodSource("memory")
  void aPathThatIsNotThere(Ground ground) {
    try (Stage stage = Stage.start(ground, Face.JAVA.app(new Endpoints()))) {
      Version version = ground.isHttp2() ? Version.HTTP_2 : Version.HTTP_1_1;
      WsClientHandshake handshake = WsClientHandshake.of(version, WsClientOptions.DEFAULT);
      ResponseHead head =
          PeerConnection.ask(stage.connect(), "/nowhere", handshake, ground.isHttp2());
      assertThatThrownBy(() -> handshake.check(head))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("answered 404");
    }
  }

  /** A client's end of a session, on the thread of the test. */
  private static final class Talk implements WsListener {
    private final VirtualLoop loop = new VirtualLoop();
    private final Stage stage;
    private final Case each;
    private final ArrayDeque<Message> said = new ArrayDeque<>();
    private final PeerConnection connection;
    private final Peer peer;
    private @Nullable CloseReason closed;
    private boolean over;

    Talk(Stage stage, Case each) {
      this.stage = stage;
      this.each = each;
      this.peer = stage.connect();
      this.connection = new PeerConnection(peer, loop);
    }

    WsChannel open() {
      WsClientOptions options = WsClientOptions.DEFAULT.withDeflate(each.terms().deflate());
      WsClientHandshake handshake = WsClientHandshake.of(each.version(), options);
      String path = each.terms().path();
      ResponseHead head = PeerConnection.ask(peer, path, handshake, each.ground().isHttp2());
      assertThat(head.headers().contains("Sec-WebSocket-Extensions"))
          .isEqualTo(!each.terms().equals(Terms.PLAIN));
      LoopLife life = new LoopLife(loop, () -> over = true);
      return handshake.open(Request.get("ws://a" + path), head, connection, life, this);
    }

    /** Several at a time are on their way. */
    void converse(WsChannel session, Random random) {
      for (int i = 0; i < MESSAGES; i++) {
        Message message = message(random);
        said.add(message);
        CompletionStage<Void> sent = session.send(message);
        assertThat(sent.toCompletableFuture()).isCompleted();
        if (random.nextInt(3) == 0) {
          until(said::isEmpty, "for the echo of all that was said");
        }
      }
      until(said::isEmpty, "for the echo of all that was said");
    }

    @Override
    public @Nullable CompletionStage<?> onMessage(WsChannel session, Message message) {
      assertThat(message).isEqualTo(said.remove());
      return null;
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      closed = reason;
    }

    void until(BooleanSupplier condition, String what) {
      stage.until(
          () -> {
            loop.run();
            connection.turn();
            loop.run();
            return condition.getAsBoolean();
          },
          what);
    }

    private static Message message(Random random) {
      int length =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(8);
            case 1 -> 120 + random.nextInt(12);
            case 2 -> random.nextInt(3_000);
            default -> 60_000 + random.nextInt(10_000);
          };
      if (random.nextBoolean()) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
          text.append("Ein Wort, ").append(random.nextInt(100)).append(" Wörter €😀 ");
        }
        return Message.text(text.toString());
      }
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return Message.binary(Bytes.copyOf(bytes));
    }
  }
}
