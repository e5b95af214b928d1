package dev.runnel.conformance.client.contract;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.client.PoolStats;
import dev.runnel.client.ProxyChoice;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.TransportOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A server of ours, and the clients that call it. */
public abstract class Ground {
  final Combination on;
  final ClientTls trust = ClientTls.builder().trust(TlsFiles.file("ca.pem")).build();
  private final List<Client> clients = new ArrayList<>();

  Ground(Combination on) {
    this.on = on;
  }

  /** Starts a server with this handler. */
  public static Ground start(
      Combination on, Handler handler, Consumer<ServerOptions.Builder> options) {
    return on.inMemory()
        ? new MemoryGround(on, handler, options)
        : new TcpGround(on, handler, options);
  }

  /** A client for the version of this combination; closed with the ground. */
  public final Client client(UnaryOperator<ClientBuilder> edit) {
    return client(edit, TransportOptions.DEFAULT.withLoops(1));
  }

  /** The same with a transport of these options. */
  public final Client client(UnaryOperator<ClientBuilder> edit, TransportOptions options) {
    ClientBuilder builder =
        Client.builder().proxies(ProxyChoice.NONE).tls(trust).protocol(on.wire().protocol);
    Client client = edit.apply(connected(builder, options)).build();
    clients.add(client);
    return client;
  }

  protected abstract ClientBuilder connected(ClientBuilder builder, TransportOptions options);

  /** The URL of a path of the server. */
  public final String url(String path) {
    return url("localhost", path);
  }

  /** The same by another name of the server. */
  public abstract String url(String host, String path);

  /** Lets time pass, exactly. Only where time is virtual. */
  public abstract void advance(Duration duration);

  /** Lets both sides work until this holds, or fails the test. */
  public abstract void until(BooleanSupplier condition, String what);

  /** Lets both sides do what they can do now; where threads are their own, nothing. */
  public abstract void run();

  /** The calls of the server that are not over. */
  public abstract int calls();

  /** The connections of the server. */
  public abstract int connections();

  /** Begins to stop the server. */
  public abstract CompletableFuture<?> stop(Duration drain);

  /** What this comes to. */
  public final <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    until(future::isDone, "a future to complete");
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Ends the test: once its calls are over nothing may be left. */
  final void close() {
    until(() -> quiet() && calls() == 0, "all calls to be over");
    for (Client client : clients) {
      await(client.closeAsync(Duration.ZERO));
      if (!client.stats().equals(new PoolStats(0, 0, 0, 0, 0))) {
        throw new AssertionError("a closed client has " + client.stats());
      }
    }
    closeTransports();
    until(() -> connections() == 0, "the server to notice that all clients are gone");
    shutDown();
  }

  private boolean quiet() {
    return clients.stream()
        .map(Client::stats)
        .allMatch(s -> s.calls() == 0 && s.waiting() == 0 && s.dialing() == 0);
  }

  /** What there is, for the message of a test that fails. */
  @Override
  public String toString() {
    return clients.stream().map(Client::stats).toList()
        + ", the server: "
        + calls()
        + " calls, "
        + connections()
        + " connections";
  }

  protected abstract void closeTransports();

  protected abstract void shutDown();
}
