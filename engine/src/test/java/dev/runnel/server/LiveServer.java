package dev.runnel.server;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.TcpPeer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A server on a free port of this machine. Closing it is the leak check: with all clients gone,
 * nothing of theirs may be left, and when it has stopped nothing of its own.
 */
public final class LiveServer implements AutoCloseable {
  private final LeakCheck leaks = new LeakCheck();
  private final Server server;

  private LiveServer(Server.Builder builder) {
    server = builder.start();
  }

  /** A server with default options. */
  public static LiveServer start(Handler handler) {
    return start(handler, options -> {});
  }

  /** A server with these options. */
  public static LiveServer start(Handler handler, Consumer<ServerOptions.Builder> options) {
    return start(Server.builder().port(0).handler(handler).options(options));
  }

  /** A server with all that can be set. */
  public static LiveServer start(Server.Builder builder) {
    return new LiveServer(builder);
  }

  /** The server. */
  public Server server() {
    return server;
  }

  /** Its first port. */
  public int port() {
    return server.port();
  }

  /** A new client. */
  public TcpPeer connect() {
    return new TcpPeer(port());
  }

  /** Waits until no call and no connection is there. */
  public void awaitQuiet() {
    Eventually.until(
        () -> server.calls() == 0 && server.connections() == 0,
        () -> server.calls() + " calls and " + server.connections() + " connections are left");
  }

  /** Stops at once, without any check of what was left. */
  public DrainReport stop() {
    return server.stop(Duration.ZERO);
  }

  @Override
  public void close() {
    try {
      if (server.isReady()) {
        awaitQuiet();
      }
    } finally {
      stop();
    }
    awaitQuiet();
    leaks.verify();
  }
}
