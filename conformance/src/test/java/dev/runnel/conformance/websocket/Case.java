package dev.runnel.conformance.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * What a client does in a session, and what it has to see.
 *
 * @param name the section of RFC 6455 unless another is named, and what the client does
 * @param opening how the session begins: its endpoint, its extensions
 * @param script plays it in the session
 * @param kind what holds besides
 */
record Case(String name, Function<Peer, WsPeer> opening, Consumer<WsPeer> script, Kind kind) {
  /** What holds besides. */
  enum Kind {
    /** The session is over, by the script. */
    OVER,
    /** It is over, and too much is sent to send it byte by byte. */
    OVER_LARGE,
    /** The session lives on. */
    LIVES,
    /** It does, and too much is sent to send it byte by byte. */
    LIVES_LARGE;

    boolean isLarge() {
      return this == OVER_LARGE || this == LIVES_LARGE;
    }

    boolean lives() {
      return this == LIVES || this == LIVES_LARGE;
    }
  }

  /** One Close with this code, one only, and the end. */
  static Case fails(int code, String name, WsFrame... frames) {
    return ends(name, peer -> peer.send(frames).expectClose(code));
  }

  /** This text comes back, alone, and the session lives on. */
  static Case echoes(String text, String name, WsFrame... frames) {
    return lives(name, peer -> assertThat(peer.send(frames).text()).isEqualTo(text));
  }

  /** Whatever the script says; it ends the session. */
  static Case ends(String name, Consumer<WsPeer> script) {
    return new Case(name, plain(Endpoints.ECHO), script, Kind.OVER);
  }

  /** Whatever the script says; the session lives on. */
  static Case lives(String name, Consumer<WsPeer> script) {
    return new Case(name, plain(Endpoints.ECHO), script, Kind.LIVES);
  }

  private static Function<Peer, WsPeer> plain(String path) {
    return connection -> WsPeer.open(connection, path);
  }

  /** The same at another endpoint. */
  Case at(String path) {
    return with(plain(path));
  }

  /** The same in a session that begins otherwise. */
  Case with(Function<Peer, WsPeer> otherOpening) {
    return new Case(name, otherOpening, script, kind);
  }

  /** Is not sent byte by byte. */
  Case large() {
    return new Case(name, opening, script, kind.lives() ? Kind.LIVES_LARGE : Kind.OVER_LARGE);
  }

  /** Plays it on a new connection, what the client sends cut into such pieces. */
  void play(Peer connection, IntSupplier pieces) {
    WsPeer peer = opening.apply(connection).cuttingWrites(pieces);
    try {
      script.accept(peer);
      if (kind.lives()) {
        peer.text("alive");
        assertThat(peer.text()).as("the echo of a session that lives on").isEqualTo("alive");
        peer.close(1000);
      }
    } finally {
      peer.forget();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
