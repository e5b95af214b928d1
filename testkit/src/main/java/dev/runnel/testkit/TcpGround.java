package dev.runnel.testkit;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.client.ProxyChoice;
import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.memory.WireFaults;
import dev.runnel.server.Server;
import dev.runnel.transport.Destination.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server on a free port of loopback, with threads of its own, by the wall clock. */
final class TcpGround implements Ground {
  private final TestOptions options;
  private final Observations seen = new Observations(System::nanoTime);
  private final Server server;
  private final Driver driver = new WallDriver();

  TcpGround(Handler handler, TestOptions options) {
    this.options = options;
    if (!options.faults().get().equals(WireFaults.NONE)) {
      throw new IllegalArgumentException(
          "faults happen on wires in memory only: a kernel does as it likes");
    }
    ServerOptions.Builder set = ServerOptions.builder().observer(seen).loops(1);
    options.server().accept(set);
    Server.Builder builder =
        Server.builder().host("127.0.0.1").port(0).options(set.build()).handler(handler);
    if (options.protocol().isSecure()) {
      builder.tls(TestTls.server());
    }
    this.server = builder.start();
  }

  @Override
  public Driver driver() {
    return driver;
  }

  @Override
  public Client client(UnaryOperator<ClientBuilder> edit) {
    return edit.apply(
            Client.builder()
                .proxies(ProxyChoice.NONE)
                .tls(TestTls.client())
                .protocol(options.protocol().isHttp2() ? Protocol.HTTP_2 : Protocol.HTTP_1_1))
        .build();
  }

  @Override
  public RawLink connect(@Nullable WireFaults faults) {
    if (faults != null && !faults.equals(WireFaults.NONE)) {
      throw new IllegalArgumentException("faults happen on wires in memory only: " + faults);
    }
    try {
      return new TcpLink(server.port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String url(String path) {
    return server.uri() + path;
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
  public Observations seen() {
    return seen;
  }

  @Override
  public CompletableFuture<DrainReport> stop(Duration drain) {
    return server.stopAsync(drain).toCompletableFuture();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }

  @Override
  public String trace() {
    return "";
  }

  @Override
  public long checksum() {
    return 0;
  }

  @Override
  public List<Throwable> left() {
    List<Throwable> left = new ArrayList<>();
    for (ObservedCall call : seen.calls()) {
      if (!call.ended()) {
        left.add(new AssertionError("a call: " + call));
      }
    }
    return left;
  }

  @Override
  public void end() {
    // the server's stop was all
  }
}
