package dev.runnel.conformance.http2;

import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.Leaks;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ScriptedPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * A server for scripted peers. Closing it is the leak check: no call, no connection, no buffer, and
 * no rule broken on any connection.
 */
abstract class Stage implements AutoCloseable {
  private final Leaks leaks = new Leaks();
  private final List<ScriptedPeer> peers = new ArrayList<>();

  static Stage start(Where where, Handler app) {
    return start(where, app, options -> {});
  }

  static Stage start(Where where, Handler app, Consumer<ServerOptions.Builder> set) {
    return where.transport == null
        ? new InMemory(MemoryServer.start(app, set))
        : new OnTcp(
            LiveServer.start(
                app,
                options -> {
                  options.transport(where.transport).loops(1).watchdog(Duration.ZERO);
                  set.accept(options);
                }));
  }

  /** A connection on which nothing was sent yet. */
  final ScriptedPeer fresh() {
    ScriptedPeer peer = new ScriptedPeer(newPeer());
    peers.add(peer);
    return peer;
  }

  /** A connection with preface and settings behind it (identifiers and values in turn). */
  final ScriptedPeer connect(int... settings) {
    return fresh().connect(settings);
  }

  /** A connection to be used without HTTP/2; the test closes it. */
  final Peer raw() {
    return newPeer();
  }

  /** Closes all connections that were made, and waits until the server is quiet. */
  final void closePeers() {
    peers.forEach(ScriptedPeer::close);
    peers.clear();
    until(
        () -> calls() == 0 && connections() == 0,
        "the end of all calls and connections when their clients left");
    until(() -> leaks.left().isEmpty(), "the release of all buffers: " + leaks.left());
  }

  @Override
  public final void close() {
    closePeers();
    stop();
  }

  protected abstract Peer newPeer();

  protected abstract void stop();

  /** Received bytes that no handler has taken yet. Only in memory. */
  abstract long held();

  abstract int calls();

  abstract int connections();

  /** Lets virtual time pass. Only in memory. */
  abstract void advance(Duration time);

  /** Lets the server work until this holds, or fails. */
  abstract void until(Callable<Boolean> condition, String what);

  private static final class InMemory extends Stage {
    private final MemoryServer server;

    InMemory(MemoryServer server) {
      this.server = server;
    }

    @Override
    protected Peer newPeer() {
      return server.connect();
    }

    @Override
    protected void stop() {
      server.close();
    }

    @Override
    long held() {
      return server.state().held();
    }

    @Override
    int calls() {
      return server.calls();
    }

    @Override
    int connections() {
      return server.connections();
    }

    @Override
    void advance(Duration time) {
      server.advance(time);
    }

    @Override
    void until(Callable<Boolean> condition, String what) {
      server.until(
          () -> {
            try {
              return condition.call();
            } catch (Exception e) {
              throw new AssertionError("the condition failed", e);
            }
          },
          what);
    }
  }

  private static final class OnTcp extends Stage {
    private final LiveServer server;

    OnTcp(LiveServer server) {
      this.server = server;
    }

    @Override
    protected Peer newPeer() {
      return server.connect();
    }

    @Override
    protected void stop() {
      server.close();
    }

    @Override
    long held() {
      throw new UnsupportedOperationException("known to the loop only");
    }

    @Override
    int calls() {
      return server.server().calls();
    }

    @Override
    int connections() {
      return server.server().connections();
    }

    @Override
    void advance(Duration time) {
      throw new UnsupportedOperationException("real time passes by itself");
    }

    @Override
    void until(Callable<Boolean> condition, String what) {
      Eventually.until(condition, what);
    }
  }
}
