package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ClientBuilder;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.MemoryClient;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.TransportOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Both machines on one loop, under virtual time. */
final class MemoryGround extends Ground {
  /** Those of the server's loop, with its certificates; each client's loop has one more. */
  private static final int LOOP_TIMERS = 2;

  private final MemoryServer server;
  private final List<MemoryClient> transports = new ArrayList<>();

  MemoryGround(Combination on, Handler handler, Consumer<ServerOptions.Builder> options) {
    super(on);
    server =
        on.isSecure()
            ? MemoryServer.start(handler, TlsFiles.server().build(), options)
            : MemoryServer.start(handler, options);
  }

  @Override
  protected ClientBuilder connected(ClientBuilder builder, TransportOptions options) {
    MemoryClient transport = server.client(options);
    transports.add(transport);
    return builder.transport(transport.transport());
  }

  @Override
  public String url(String host, String path) {
    return (on.isSecure() ? "https://" : "http://") + host + path;
  }

  @Override
  public void advance(Duration duration) {
    server.advance(duration);
  }

  @Override
  public void until(BooleanSupplier condition, String what) {
    try {
      server.until(condition, what);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; there is " + this, e);
    }
  }

  @Override
  public void run() {
    server.run();
  }

  @Override
  public int calls() {
    return server.calls();
  }

  @Override
  public int connections() {
    return server.connections();
  }

  @Override
  public CompletableFuture<?> stop(Duration drain) {
    return server.stop(drain);
  }

  /** The timers of both sides. */
  int timers() {
    return server.timers();
  }

  @Override
  protected void closeTransports() {
    transports.forEach(MemoryClient::close);
    // The loop's own: what connections had is gone with them, and so are limits and retries.
    assertThat(server.timers())
        .as("timers left")
        .isLessThanOrEqualTo(LOOP_TIMERS + transports.size());
  }

  @Override
  protected void shutDown() {
    server.close();
  }
}
