package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Reply;
import dev.runnel.testing.http2.ScriptedPeer;
import java.util.function.Consumer;

/**
 * A rule and what shows that it is kept.
 *
 * @param name the section of RFC 9113 unless another is named, and what the client does
 * @param script plays it on a connection
 * @param kind what holds besides
 */
record Rule(String name, Consumer<ScriptedPeer> script, Kind kind) {
  /** What holds besides. */
  enum Kind {
    /** The connection does not serve on. */
    LAST,
    /** It does not, and the script says the preface. */
    FRESH,
    /** The connection serves on. */
    SURVIVES,
    /** It does, and the request of the script started no handler. */
    NO_CALL
  }

  /** A connection error (5.4.1). */
  static Rule connection(int code, String name, Frame... frames) {
    return last(name, peer -> peer.send(frames).expectConnectionError(code));
  }

  /** A stream error (5.4.2) on stream 1; the connection lives on. */
  static Rule stream(int code, String name, Frame... frames) {
    return script(name, peer -> peer.send(frames).expectRst(1, code));
  }

  /** A request on stream 1 that is malformed (8.1.1): a stream error. */
  static Rule malformed(String name, String... fields) {
    Rule rule = stream(ErrorCode.PROTOCOL_ERROR, name, Frame.headers(1, true, fields));
    return new Rule(name, rule.script, Kind.NO_CALL);
  }

  /** The request on stream 1 is answered with 200. */
  static Rule served(String name, Frame... frames) {
    return script(name, peer -> assertThat(peer.send(frames).response(1).status()).isEqualTo(200));
  }

  /** Whatever the script says; the connection lives on. */
  static Rule script(String name, Consumer<ScriptedPeer> script) {
    return new Rule(name, script, Kind.SURVIVES);
  }

  /** Whatever the script says; the connection does not live on. */
  static Rule last(String name, Consumer<ScriptedPeer> script) {
    return new Rule(name, script, Kind.LAST);
  }

  /** Whatever the script says on a connection on which nothing was sent. */
  static Rule fresh(String name, Consumer<ScriptedPeer> script) {
    return new Rule(name, script, Kind.FRESH);
  }

  void play(ScriptedPeer peer) {
    if (kind != Kind.FRESH) {
      peer.connect();
    }
    script.accept(peer);
    if (kind == Kind.SURVIVES || kind == Kind.NO_CALL) {
      Reply reply = peer.response(peer.get("/text"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("hi");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
