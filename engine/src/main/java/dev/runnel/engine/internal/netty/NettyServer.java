package dev.runnel.engine.internal.netty;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.ListenAddress.HttpsRedirect;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.ServerStartException;
import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsException;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.netty.ConnectionSetup.Place;
import dev.runnel.engine.internal.tls.TlsContexts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server on Netty's transports: its loops, its listeners and its life. Safe from any thread. */
public final class NettyServer {
  private final ServerState state;
  private final TransportKit transport;
  private final IdentityHashMap<EventLoop, LoopServices> loops = new IdentityHashMap<>();
  private final List<Channel> listeners = new ArrayList<>();
  private final List<ListenAddress> listening = new ArrayList<>();
  private final Map<Tls, TlsContexts> contexts = new LinkedHashMap<>();
  private final AtomicLong connectionIds = new AtomicLong();
  private final ConnectionLimit limit;
  private final Watchdog watchdog;
  private final CompletableFuture<DrainReport> stopped = new CompletableFuture<>();
  private volatile boolean stopping;

  private NettyServer(ServerState state, TransportKit transport) {
    this.state = state;
    this.transport = transport;
    for (EventExecutor loop : transport.loops()) {
      EventLoop eventLoop = (EventLoop) loop;
      loops.put(eventLoop, new LoopServices(eventLoop, state, transport.tick()));
    }
    this.limit = new ConnectionLimit(loops.values(), state.options().limits().connections());
    this.watchdog = Watchdog.start(loops.values(), state.options().watchdog());
  }

  /**
   * Starts a server that answers with this handler.
   *
   * @throws ServerStartException if a place to listen on is taken, the transport does not load or a
   *     certificate cannot be used
   */
  public static NettyServer start(
      ServerOptions options, Handler handler, List<ListenAddress> addresses) {
    TransportKit transport = TransportKit.of(options.transport(), options.loops(), "runnel-loop");
    BlockingThreads blocking = new BlockingThreads(options.limits().blockingCalls());
    NettyServer server = start(new ServerState(options, handler, blocking), addresses, transport);
    server.stopped().thenRun(blocking::close);
    return server;
  }

  private static NettyServer start(
      ServerState state, List<ListenAddress> addresses, TransportKit transport) {
    NettyServer server = new NettyServer(state, transport);
    try {
      server.prepareTls(addresses);
      server.listen(addresses);
    } catch (RuntimeException e) {
      server.stop(Duration.ZERO);
      throw e;
    }
    return server;
  }

  /**
   * Starts a server on places that are no sockets: in memory.
   *
   * @param places where it listens, and with which TLS, null for none
   * @param halves whether its connections have halves that end each for itself
   */
  static NettyServer start(
      ServerState state,
      TransportKit transport,
      ChannelFactory<? extends ServerChannel> listener,
      Map<SocketAddress, @Nullable Tls> places,
      boolean halves) {
    NettyServer server = new NettyServer(state, transport);
    places.forEach(
        (place, tls) -> {
          TlsContexts secured = tls == null ? null : server.prepare(tls);
          ServerBootstrap bootstrap =
              server
                  .bootstrap(new Place(secured, state.handler()))
                  .channelFactory(listener)
                  .handler(server.limit.acceptor());
          if (halves) {
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
          }
          server.listeners.add(bootstrap.bind(place).channel());
        });
    return server;
  }

  /** Reads certificates before anybody can connect. */
  private void prepareTls(List<ListenAddress> places) {
    for (ListenAddress place : places) {
      if (place.tls() != null) {
        prepare(place.tls());
      }
    }
  }

  private TlsContexts prepare(Tls tls) {
    TlsContexts known = contexts.get(tls);
    if (known == null) {
      try {
        known = TlsContexts.of(tls, ConnectionSetup.SPOKEN);
      } catch (TlsException e) {
        throw new ServerStartException(e.getMessage(), e);
      }
      contexts.put(tls, known);
      new CertificateWatch(known, state, loops.values().iterator().next().loop()).start();
    }
    return known;
  }

  /** Reads all certificates again; connections that are there keep theirs. */
  public void reloadTls() {
    contexts.values().forEach(TlsContexts::reload);
  }

  /** What encrypts, or null where nothing does. */
  public @Nullable String tlsEngine() {
    return contexts.isEmpty()
        ? null
        : contexts.values().stream()
            .map(TlsContexts::engine)
            .distinct()
            .collect(Collectors.joining(" and "));
  }

  /** Redirects come last, because they have to know the port of another place. */
  private void listen(List<ListenAddress> places) {
    ListenAddress[] bound = new ListenAddress[places.size()];
    for (boolean redirects : new boolean[] {false, true}) {
      for (int i = 0; i < bound.length; i++) {
        if ((places.get(i).redirect() != null) == redirects) {
          bound[i] = listen(places.get(i), place(places.get(i), bound));
        }
      }
    }
    listening.addAll(List.of(bound));
  }

  private Place place(ListenAddress address, @Nullable ListenAddress[] bound) {
    TlsContexts secured = address.tls() == null ? null : contexts.get(address.tls());
    HttpsRedirect redirect = address.redirect();
    if (redirect == null) {
      return new Place(secured, state.handler());
    }
    return new Place(
        null,
        new RedirectHandler(redirect.port() == 0 ? tlsPort(address, bound) : redirect.port()));
  }

  private static int tlsPort(ListenAddress from, @Nullable ListenAddress[] bound) {
    for (ListenAddress place : bound) {
      if (place != null
          && place.tls() != null
          && place.address() instanceof InetSocketAddress inet) {
        return inet.getPort();
      }
    }
    throw new IllegalArgumentException(
        from + ", but the server speaks TLS nowhere: add a place with TLS, or say the port");
  }

  private ServerBootstrap bootstrap(Place place) {
    return new ServerBootstrap()
        .group(transport.loops())
        .childHandler(new ConnectionSetup(state, loops, connectionIds, place))
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(NettyLink.HIGH_WATER / 2, NettyLink.HIGH_WATER));
  }

  private ListenAddress listen(ListenAddress address, Place door) {
    ServerOptions options = state.options();
    ServerBootstrap bootstrap =
        bootstrap(door)
            .channel(transport.listeningChannel(address.address()))
            .option(ChannelOption.SO_BACKLOG, options.backlog());
    SocketAddress place = address.address();
    if (place instanceof UnixDomainSocketAddress unix) {
      UnixSocketFile.removeLeftOver(unix);
      place = UnixSocketFile.nettyAddress(unix, transport);
      if (transport.isNative()) { // java.nio's have no halves
        bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      }
    } else {
      bootstrap
          .childOption(ChannelOption.TCP_NODELAY, true)
          .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      if (options.reusePort()) {
        bootstrap.option(transport.reusePort(), true);
      }
    }
    bootstrap.handler(address.admin() ? limit.exemptAcceptor() : limit.acceptor());
    ChannelFuture bound = bootstrap.bind(place).awaitUninterruptibly();
    refuseUnbound(bound.cause(), address);
    listeners.add(bound.channel());
    SocketAddress real = UnixSocketFile.jdkAddress(bound.channel().localAddress());
    return new ListenAddress(real, address.admin(), address.tls(), address.redirect());
  }

  private static void refuseUnbound(@Nullable Throwable cause, ListenAddress address) {
    if (cause == null) {
      return;
    }
    String advice =
        address.address() instanceof UnixDomainSocketAddress
            ? "is there another file, or no such directory?"
            : "is another process there? choose another port, or 0 for a free one";
    throw new ServerStartException(
        "cannot listen on " + address + ": " + cause.getMessage() + " (" + advice + ")", cause);
  }

  /** Where the server listens, with the real port where 0 was asked for. */
  public List<ListenAddress> listening() {
    return List.copyOf(listening);
  }

  /** The name of what moves the bytes. */
  public String transport() {
    return transport.name();
  }

  /** Accepts no more connections until {@link #resume()}; those there are go on. */
  public void pause() {
    limit.pause(listeners);
  }

  /** Accepts connections again. */
  public void resume() {
    limit.resume(listeners);
  }

  /** How many connections are open. */
  public int connections() {
    return loops.values().stream().mapToInt(LoopServices::connections).sum();
  }

  /** How many calls are not over. */
  public int calls() {
    return loops.values().stream().mapToInt(services -> services.context.calls()).sum();
  }

  /** Whether the server was told to stop. */
  public boolean isStopping() {
    return stopping;
  }

  /** How many channels were accepted and not closed, connections yet or not. */
  int accepted() {
    return limit.accepted();
  }

  /** What all loops share. */
  public ServerState state() {
    return state;
  }

  Collection<LoopServices> loops() {
    return loops.values();
  }

  TransportKit kit() {
    return transport;
  }

  List<Channel> listeners() {
    return listeners;
  }

  /** Completes when the server has stopped. */
  public CompletableFuture<DrainReport> stopped() {
    return stopped;
  }

  /**
   * Stops in order; a second call waits for the first one's end.
   *
   * @param drain how long calls may take to finish
   */
  public CompletableFuture<DrainReport> stop(Duration drain) {
    synchronized (this) {
      if (stopping) {
        return stopped;
      }
      stopping = true;
    }
    watchdog.close();
    new Drain(this, drain, stopped).begin();
    return stopped;
  }
}
