package dev.runnel.server;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.netty.NettyServer;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.routing.Router;
import dev.runnel.routing.RouterOptions;
import dev.runnel.routing.Routes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server. Safe from any thread.
 *
 * <pre>
 *   var server = Server.builder()
 *       .port(8080)
 *       .routes(r -> r.get("/hello/{name}", req -> Response.ok("Hello, " + req.path("name"))))
 *       .start();
 * </pre>
 */
public final class Server implements AutoCloseable {
  /** How long {@link #close()} and a SIGTERM let calls finish. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private final NettyServer server;

  private Server(NettyServer server) {
    this.server = server;
  }

  /** A server to be set up. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The port of the first host and port listened on: the real one where 0 was asked for.
   *
   * @throws IllegalStateException if the server listens on Unix domain sockets only
   */
  public int port() {
    for (SocketAddress address : addresses()) {
      if (address instanceof InetSocketAddress inet) {
        return inet.getPort();
      }
    }
    throw new IllegalStateException("this server listens on no port, only on " + addresses());
  }

  /** The address of the first host and port listened on, as a URL. */
  public URI uri() {
    for (ListenAddress place : server.listening()) {
      if (place.address() instanceof InetSocketAddress inet) {
        String scheme = place.tls() == null ? "http://" : "https://";
        String host = inet.getAddress().isAnyLocalAddress() ? "localhost" : inet.getHostString();
        return URI.create(
            scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort());
      }
    }
    throw new IllegalStateException("this server listens on no port, only on " + addresses());
  }

  /** Everywhere the server listens. */
  public List<SocketAddress> addresses() {
    return server.listening().stream().map(ListenAddress::address).toList();
  }

  /** The name of what moves the bytes: nio, epoll, io_uring or kqueue. */
  public String transport() {
    return server.transport();
  }

  /**
   * Reads all certificates and keys again, from where they came. Connections that are there keep
   * theirs, new ones get the new ones. May block.
   *
   * @throws dev.runnel.engine.TlsException if one cannot be used: nothing changes then at its place
   */
  public void reloadTls() {
    server.reloadTls();
  }

  /** How many connections are open. */
  public int connections() {
    return server.connections();
  }

  /** How many calls are in flight, with those that are answered but still held. */
  public int calls() {
    return server.calls();
  }

  /** Serves no new connections until {@link #resume()}; open ones go on. */
  public void pause() {
    server.pause();
  }

  /** Accepts connections again. */
  public void resume() {
    server.resume();
  }

  /** Whether the server serves, and was not told to stop: what a readiness probe should say. */
  public boolean isReady() {
    return !server.isStopping();
  }

  /**
   * Stops: no new connections, calls in flight finish, what is left after the drain is cancelled.
   * Blocks until all is over, at most a second longer than the drain. Do not call it on a loop.
   */
  public DrainReport stop(Duration drain) {
    return server.stop(drain).join();
  }

  /** Like {@link #stop(Duration)}, without blocking. */
  public CompletionStage<DrainReport> stopAsync(Duration drain) {
    return server.stop(drain).copy();
  }

  /** Completes when the server has stopped, by whomever. */
  public CompletionStage<DrainReport> stopped() {
    return server.stopped().copy();
  }

  /** Blocks until the server has stopped, by whomever. */
  public DrainReport awaitStopped() {
    return server.stopped().join();
  }

  /**
   * From now on a SIGTERM or SIGINT stops the server with this drain, and a second one ends the
   * process at once.
   */
  public void stopOnSignal(Duration drain) {
    ShutdownSignals.install(
        signal -> {
          LOG.info("{}: stopping, calls have {} to finish", signal, drain);
          stop(drain);
        });
  }

  /** Stops with {@link #DEFAULT_DRAIN}. */
  @Override
  public void close() {
    stop(DEFAULT_DRAIN);
  }

  /** A server to be set up. Not thread-safe. */
  public static final class Builder {
    private final List<ListenAddress> addresses = new ArrayList<>();
    private ServerOptions options = ServerOptions.DEFAULT;
    private RouterOptions routing = RouterOptions.DEFAULT;
    private String host = "127.0.0.1";
    private @Nullable Integer port;
    private @Nullable Tls tls;
    private @Nullable Routes routes;
    private @Nullable Handler handler;

    private Builder() {}

    /** The port to listen on; 0 takes a free one. 8080 unless this or another place is set. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /**
     * The host or address to listen on; 127.0.0.1 unless set, so that nothing is open to the
     * network by accident.
     */
    public Builder host(String value) {
      host = Objects.requireNonNull(value);
      return this;
    }

    /** Has the port speak TLS. {@link #listen} adds places with or without. */
    public Builder tls(Tls value) {
      tls = Objects.requireNonNull(value);
      return this;
    }

    /** One more place to listen on. */
    public Builder listen(ListenAddress address) {
      addresses.add(Objects.requireNonNull(address));
      return this;
    }

    /** How the server runs. */
    public Builder options(ServerOptions value) {
      options = Objects.requireNonNull(value);
      return this;
    }

    /** How the server runs: {@code options(o -> o.loops(2))}. */
    public Builder options(Consumer<ServerOptions.Builder> set) {
      ServerOptions.Builder builder = ServerOptions.builder();
      set.accept(builder);
      return options(builder.build());
    }

    /** How routes are matched. */
    public Builder routing(RouterOptions value) {
      routing = Objects.requireNonNull(value);
      return this;
    }

    /** What the server answers. */
    public Builder routes(Routes value) {
      routes = Objects.requireNonNull(value);
      return this;
    }

    /** What the server answers. */
    public Builder routes(Consumer<RouteBuilder> build) {
      return routes(Routes.of(build));
    }

    /** What the server answers, without routes. */
    public Builder handler(Handler value) {
      handler = Objects.requireNonNull(value);
      return this;
    }

    /**
     * Starts the server.
     *
     * @throws IllegalArgumentException if routes are ambiguous or malformed, or an option makes no
     *     sense
     * @throws dev.runnel.engine.ServerStartException if a place to listen on is taken, or a
     *     certificate cannot be used
     */
    public Server start() {
      Handler answers = answers();
      List<ListenAddress> places = new ArrayList<>(addresses);
      if (port != null || places.isEmpty()) {
        ListenAddress place = ListenAddress.tcp(host, port == null ? 8080 : port);
        places.add(0, tls == null ? place : place.withTls(tls));
      } else if (tls != null) {
        throw new IllegalArgumentException(
            "tls(…) is for the port, but only other places are set: use ListenAddress.withTls");
      }
      NettyServer server = NettyServer.start(options, answers, places);
      String engine = server.tlsEngine();
      LOG.info(
          "listening on {} ({}{})",
          server.listening(),
          server.transport(),
          engine == null ? "" : ", TLS by " + engine);
      return new Server(server);
    }

    private Handler answers() {
      if (handler != null && routes != null) {
        throw new IllegalArgumentException("a server has either routes or a handler, not both");
      }
      if (handler != null) {
        return handler;
      }
      if (routes == null) {
        throw new IllegalArgumentException(
            "a server needs routes: Server.builder().routes(r -> …)");
      }
      return Router.of(routes, routing);
    }
  }
}
