package dev.runnel.conformance.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.contract.Logs;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.server.Server;
import dev.runnel.testing.Leaks;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A server for sessions of tests. Closing it is the leak check: no call, no connection, no buffer,
 * no complaint in the log.
 */
abstract class Stage implements AutoCloseable {
  private final Leaks leaks = new Leaks();
  private final Logs logs = new Logs();
  private final Ground ground;
  private final List<Peer> peers = new ArrayList<>();

  private Stage(Ground ground) {
    this.ground = ground;
  }

  static Stage start(Ground ground, Handler app) {
    return start(ground, app, options -> {});
  }

  static Stage start(Ground ground, Handler app, Consumer<ServerOptions.Builder> set) {
    return ground.isMemory()
        ? new InMemory(ground, MemoryServer.start(app, set))
        : new OnTcp(ground, LiveServer.start(live(ground, app, set)));
  }

  private static Server.Builder live(
      Ground ground, Handler app, Consumer<ServerOptions.Builder> set) {
    Server.Builder builder = Server.builder().port(0).handler(app);
    if (ground.isSecure()) {
      builder.tls(TlsFiles.server().build());
    }
    return builder.options(
        options -> {
          options.loops(1).watchdog(Duration.ZERO); // loaded machines are slow
          set.accept(options);
        });
  }

  final Ground ground() {
    return ground;
  }

  /** A connection on which nothing was asked yet; closed with the stage. */
  final Peer connect() {
    Peer peer = ground.over(newPeer());
    peers.add(peer);
    return peer;
  }

  /** Closes all connections that were made, and waits until nothing of them is left. */
  final void closePeers() {
    peers.forEach(Peer::close);
    peers.clear();
    until(
        () -> calls() == 0 && connections() == 0,
        "the end of all calls and connections when their clients left");
    until(() -> leaks.left().isEmpty(), "the release of all buffers: " + leaks.left());
    assertThat(logs.complaints()).as("warnings and errors that no test asked for").isEmpty();
  }

  /** Takes the complaints that a test asked for. */
  final List<String> complaints() {
    return logs.complaints();
  }

  @Override
  public final void close() {
    try {
      closePeers();
    } finally {
      logs.close();
      stop();
    }
  }

  protected abstract Peer newPeer();

  protected abstract void stop();

  abstract int calls();

  abstract int connections();

  /** Lets virtual time pass. Only in memory. */
  abstract void advance(Duration time);

  /** Lets the server work until this holds, or fails. */
  abstract void until(Callable<Boolean> condition, String what);

  private static final class InMemory extends Stage {
    private final MemoryServer server;

    InMemory(Ground ground, MemoryServer server) {
      super(ground);
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

    OnTcp(Ground ground, LiveServer server) {
      super(ground);
      this.server = server;
    }

    @Override
    protected Peer newPeer() {
      return ground().isSecure() ? connectTls() : server.connect();
    }

    private Peer connectTls() {
      try {
        return TcpPeer.tls(server.port(), TlsFiles.client(), this::negotiate);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void negotiate(SSLSocket socket) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {ground().alpn()});
      socket.setSSLParameters(parameters);
    }

    @Override
    protected void stop() {
      server.close();
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
