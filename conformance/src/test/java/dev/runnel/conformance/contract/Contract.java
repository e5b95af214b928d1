package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.routing.Router;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Leaks;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;

/**
 * A part of the contract. Its tests run over each {@link Combination} that its annotation names,
 * and each ends with the leak check: no call, no connection, no Job, no buffer, no complaint.
 */
abstract class Contract {
  /** Turns of the loop; whoever writes on writes in each of them. */
  private static final int STILL = 8;

  @Parameter Combination on;

  final Leaks leaks = new Leaks();
  final Logs logs = new Logs();
  final Probe probe = new Probe();
  private @Nullable Ground ground;

  /** Starts the app with default options. */
  final Ground start() {
    return start(options -> {});
  }

  /** Starts the app with these options. */
  final Ground start(Consumer<ServerOptions.Builder> set) {
    return start(Router.of(on.face().routes(probe)), set);
  }

  /** Starts another handler than the app. */
  final Ground start(Handler handler, Consumer<ServerOptions.Builder> set) {
    Ground started = Ground.start(on, handler, set);
    ground = started;
    return started;
  }

  /** A connection to the app with default options. */
  final Peer connect() {
    return (ground == null ? start() : ground).connect();
  }

  /** The same where only HTTP/2 is spoken. */
  final Http2Peer connectHttp2() {
    return (Http2Peer) connect();
  }

  final Ground ground() {
    if (ground == null) {
      throw new IllegalStateException("the test started no app");
    }
    return ground;
  }

  final boolean isKotlin() {
    return on.face() == Combination.Face.KOTLIN;
  }

  /** Waits until the app said this. */
  final void awaitNote(String event) {
    try {
      ground().until(() -> probe.saw(event), "'" + event + "'");
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the app said " + probe.notes(), e);
    }
  }

  /** How many pieces were written when nothing moved for some turns of the loop. */
  final long awaitStandstill() {
    ground().until(() -> probe.saw("wrote"), "the first piece");
    long[] last = {-1, 0};
    ground()
        .until(
            () -> {
              ground().settle();
              long now = probe.count("wrote");
              last[1] = now == last[0] ? last[1] + 1 : 0;
              last[0] = now;
              return last[1] >= STILL;
            },
            "the stream to stand still");
    return last[0];
  }

  static String get(String path) {
    return get(path, "");
  }

  /**
   * @param fields lines, each with its line end
   */
  static String get(String path, String fields) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  }

  static String post(String path, String body) {
    return head("POST", path, "Content-Length: " + body.length() + "\r\n") + body;
  }

  static String head(String method, String path, String fields) {
    return method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  }

  static String chunk(String data) {
    return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
  }

  /** The connection is as good as new: nothing of the last exchange is left on it. */
  static void assertServes(Peer peer) {
    Answer answer = peer.send(get("/text")).answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hi");
  }

  /** The connection took no more requests than this one, said so, and ended. */
  final void assertLast(Peer peer, Answer answer) {
    on.protocol().assertLast(peer, answer);
  }

  /**
   * The answer came before the whole request, the rest of which nobody wants: with HTTP/1.1 the
   * connection cannot go on, with HTTP/2 it does.
   */
  final void assertGivenUp(Peer peer, Answer answer) {
    on.protocol().assertGivenUp(peer, answer);
  }

  /** Waits until the answer that was begun has failed visibly, and takes what came of it. */
  final String awaitBrokenOff(Peer peer) {
    return on.protocol().awaitBrokenOff(peer);
  }

  @AfterEach
  void leavesNothingBehind() {
    try {
      probe.openAll();
      if (ground != null) {
        ground.close();
        ground.until(() -> probe.jobs() == 0, "the Jobs of the calls to complete");
        ground.until(() -> leaks.left().isEmpty(), "all buffers to be released");
      }
      assertThat(logs.complaints()).as("warnings and errors that no test asked for").isEmpty();
    } catch (AssertionError e) {
      leaks.left().forEach(leak -> e.addSuppressed(new AssertionError("not released: " + leak)));
      throw e;
    } finally {
      logs.close();
    }
  }

  @AfterAll
  static void serversStop() {
    TcpGround.awaitStops();
  }
}
