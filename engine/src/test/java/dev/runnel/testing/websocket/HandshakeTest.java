package dev.runnel.testing.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.http.BodyReader;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of the WebSocket tests on the engine's connections, which the test takes over. */
class HandshakeTest {
  /** RFC 6455 1.3. */
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  enum Version {
    HTTP_1,
    HTTP_2;

    Peer over(Peer bytes) {
      return this == HTTP_1 ? bytes : new Http2Peer(bytes);
    }
  }

  /** Echoes the payload of one masked text of 2 bytes, closes, and ends when the client did. */
  private static final Handler APP =
      x -> {
        switch (x.request().rawPath()) {
          case "/refuse" -> x.respond(Response.notFound());
          case "/plain" -> x.respond(Response.ok("no session"));
          default -> accept(x, x.request().rawPath());
        }
      };

  private static void accept(Exchange x, String path) {
    Response upgrade = Response.upgrade("websocket", raw -> new Echo(raw).read());
    boolean http1 = x.request().headers().get("Sec-WebSocket-Key") != null;
    if (http1 || path.equals("/key")) {
      upgrade =
          upgrade.header("Sec-WebSocket-Accept", path.equals("/wrong") ? "x" + ACCEPT : ACCEPT);
    }
    if (path.startsWith("/field/")) {
      upgrade = upgrade.header(path.substring(7), "chat");
    }
    x.respond(upgrade);
  }

  private static final class Echo {
    private final RawConnection raw;
    private final StringBuilder heard = new StringBuilder();
    private boolean answered;

    Echo(RawConnection raw) {
      this.raw = raw;
    }

    void read() {
      BodyReader in = raw.input();
      for (Bytes bytes = in.poll(); bytes != null; bytes = in.poll()) {
        heard.append(HexFormat.of().formatHex(bytes.toByteArray()));
      }
      int frame = 2 * 8;
      if (!answered && heard.length() >= frame) {
        assertThat(heard.substring(0, frame)).isEqualTo("818237fa213d5f93");
        raw.output().write(Bytes.copyOf(HexFormat.of().parseHex("81026869880203e8")));
        raw.output().end();
        answered = true;
      }
      if (in.ended()) {
        raw.close();
      } else {
        in.onReady(this::read);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWholeSessionInMemory(Version version) {
    try (MemoryServer server = MemoryServer.start(APP)) {
      play(version.over(server.connect()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWholeSessionOverTcp(Version version) {
    try (LiveServer server = LiveServer.start(APP)) {
      play(version.over(server.connect()));
    }
  }

  private static void play(Peer below) {
    try (WsPeer peer = WsPeer.open(below, "/echo").cuttingWrites(() -> 3)) {
      assertThat(peer.answer().headers("Server")).isEmpty();
      peer.text("hi");
      assertThat(peer.text()).isEqualTo("hi");
      assertThat(peer.expectClose(1000)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherAnswerIsNoSession(Version version) {
    try (MemoryServer server = MemoryServer.start(APP)) {
      for (String path : new String[] {"/refuse", "/plain"}) {
        try (Peer below = version.over(server.connect())) {
          assertThat(Handshake.to(path).refused(below).status()).isIn(200, 404, 501);
        }
      }
    }
  }

  @Test
  void aWrongKeyIsSeen() {
    try (MemoryServer server = MemoryServer.start(APP);
        Peer one = server.connect();
        Peer two = new Http2Peer(server.connect())) {
      assertThatThrownBy(() -> WsPeer.open(one, "/wrong"))
          .hasMessageContaining("Sec-WebSocket-Accept is wrong");
      assertThatThrownBy(() -> WsPeer.open(two, "/key"))
          .hasMessageContaining("Sec-WebSocket-Accept is wrong");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsNoSessionAndTheOtherWayRound(Version version) {
    try (MemoryServer server = MemoryServer.start(APP);
        Peer one = version.over(server.connect());
        Peer two = version.over(server.connect())) {
      assertThatThrownBy(() -> WsPeer.open(one, "/refuse")).hasMessageContaining("no session");
      assertThatThrownBy(() -> Handshake.to("/echo").refused(two))
          .hasMessageContaining("should be refused");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Sec-WebSocket-Version"})
  void whatWasNotOfferedMustNotBeAccepted(String field) {
    try (MemoryServer server = MemoryServer.start(APP);
        Peer below = server.connect()) {
      assertThatThrownBy(() -> WsPeer.open(below, "/field/" + field))
          .hasMessageContaining(field + " is wrong");
    }
  }

  @Test
  void anOfferMayBeAccepted() {
    try (MemoryServer server = MemoryServer.start(APP);
        Peer below = server.connect()) {
      Handshake handshake = Handshake.to("/field/Sec-WebSocket-Protocol");
      WsPeer peer = handshake.with("Sec-WebSocket-Protocol", "x, chat").open(below);
      assertThat(peer.answer().header("Sec-WebSocket-Protocol")).isEqualTo("chat");
    }
  }
}
