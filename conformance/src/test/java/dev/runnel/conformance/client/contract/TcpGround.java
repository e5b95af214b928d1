package dev.runnel.conformance.client.contract;

import dev.runnel.client.ClientBuilder;
import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.server.Eventually;
import dev.runnel.server.Server;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.TransportOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Real sockets on this machine, each side with a loop of its own. */
final class TcpGround extends Ground {
  private static final Queue<CompletableFuture<DrainReport>> STOPS = new ConcurrentLinkedQueue<>();

  private final Server server;

  TcpGround(Combination on, Handler handler, Consumer<ServerOptions.Builder> options) {
    super(on);
    Server.Builder builder = Server.builder().host("127.0.0.1").port(0).handler(handler);
    if (on.isSecure()) {
      builder.tls(TlsFiles.server().build());
    }
    server =
        builder
            .options(
                set -> {
                  set.loops(1).watchdog(Duration.ZERO);
                  options.accept(set);
                })
            .start();
  }

  /** Whatever a host is called, it is this machine. */
  @Override
  protected ClientBuilder connected(ClientBuilder builder, TransportOptions options) {
    TransportOptions here =
        options.resolver() != null
            ? options
            : options.withResolver(
                host ->
                    CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress())));
    return builder.transport(ignored -> here);
  }

  @Override
  public String url(String host, String path) {
    return (on.isSecure() ? "https://" : "http://") + host + ":" + server.port() + path;
  }

  @Override
  public void advance(Duration duration) {
    throw new UnsupportedOperationException("real time passes by itself: wait for a condition");
  }

  @Override
  public void until(BooleanSupplier condition, String what) {
    Eventually.until(condition::getAsBoolean, () -> what + "; there is " + this);
  }

  @Override
  public void run() {
    // the loops run by themselves
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
    return server.stopAsync(drain).toCompletableFuture();
  }

  @Override
  protected void closeTransports() {
    // closed with the clients
  }

  @Override
  protected void shutDown() {
    STOPS.add(server.stopAsync(Duration.ZERO).toCompletableFuture());
  }

  /** Waits until the servers of a whole suite have stopped; one after the other takes too long. */
  static void awaitStops() {
    for (var stop = STOPS.poll(); stop != null; stop = STOPS.poll()) {
      stop.orTimeout(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }
}
