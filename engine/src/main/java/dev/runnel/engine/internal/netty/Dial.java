package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import dev.runnel.http.Version;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.Proxy;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection on its way: addresses are found, the first of them that answers is taken, a proxy
 * is passed, TLS agreed on, and then a machine put on it. Belongs to its loop; only {@link #cancel}
 * is called elsewhere.
 */
final class Dial implements Dialing.Handle {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.client");

  private final ClientLoop loop;
  private final Destination to;
  private final Times times;
  private final Dialing dialing;
  private final Deadline deadline = new Deadline(this::late);
  private final Queue<Runnable> steps = new ArrayDeque<>();
  private final DialTls tls;
  private @Nullable AddressRace<Channel> race;
  private @Nullable NettyLink link;
  private @Nullable InetAddress target;
  private @Nullable ByteBuf rest;
  private String doing = "beginning";
  private boolean securing;
  private boolean over;

  Dial(ClientLoop loop, Destination to, Times times, Dialing dialing) {
    this.loop = loop;
    this.to = to;
    this.times = times;
    this.dialing = dialing;
    this.tls = new DialTls(this, loop, to);
  }

  /** The server, as messages name it; never with what a proxy must know of us. */
  String name() {
    return Hosts.name(to);
  }

  // --- the course ---

  void begin() {
    if (over) {
      return;
    }
    loop.began(this);
    limit(times.connect());
    Proxy proxy = to.proxy();
    plan(proxy);
    tls.prepare();
    if (proxy == null) {
      address(to.host(), to.port(), to.address(), this::connect);
    } else if (Hosts.isResolvedHere(to)) {
      address(to.host(), to.port(), to.address(), found -> towards(found, proxy));
    } else {
      address(proxy.host(), proxy.port(), null, this::connect);
    }
  }

  private void plan(@Nullable Proxy proxy) {
    if (proxy != null && proxy.kind() == Proxy.Kind.HTTPS) {
      steps.add(() -> tls.withProxy(proxy));
    }
    if (proxy != null && !to.isForwarded()) {
      steps.add(() -> tunnel(proxy));
    }
    if (to.tls() != null) {
      steps.add(this::secure);
    }
    steps.add(this::open);
  }

  /** The addresses of a host, unless it is said where it is. */
  private void address(
      String host, int port, @Nullable SocketAddress known, Consumer<List<SocketAddress>> then) {
    if (known != null) {
      then.accept(List.of(known));
      return;
    }
    doing = "resolving " + host;
    CompletionStage<List<InetAddress>> asked = loop.names().resolve(host);
    asked
        .thenApply(found -> Hosts.withPort(found, port))
        .whenComplete((found, error) -> loop.run(() -> resolved(host, found, error, then)));
  }

  private void resolved(
      String host,
      @Nullable List<SocketAddress> addresses,
      @Nullable Throwable error,
      Consumer<List<SocketAddress>> then) {
    if (over) {
      return;
    }
    if (addresses == null || addresses.isEmpty()) {
      Throwable cause = error == null ? null : Hosts.unwrapped(error);
      String why = cause == null ? "it has no address" : String.valueOf(cause.getMessage());
      fail(new ClientException(Reason.RESOLVE, "cannot resolve " + host + ": " + why, true, cause));
      return;
    }
    then.accept(addresses);
  }

  /**
   * SOCKS proxies that resolve nothing are told an address: IPv4 first, which all of them carry.
   */
  private void towards(List<SocketAddress> found, Proxy proxy) {
    target = Hosts.forSocks(found, proxy);
    if (target == null) {
      fail(throughProxy(ProxyTalk.refused("SOCKS4 carries IPv4 only, and the server has none")));
    } else {
      address(proxy.host(), proxy.port(), null, this::connect);
    }
  }

  private void connect(List<SocketAddress> addresses) {
    doing = "connecting to ";
    AddressRace<Channel> contest =
        new AddressRace<>(
            addresses,
            loop.connector(),
            loop.loop(),
            loop.attemptDelay(),
            new AddressRace.Result<>() {
              @Override
              public void connected(Channel channel) {
                Dial.this.connected(channel);
              }

              @Override
              public void failed(Throwable cause) {
                unreachable(String.valueOf(cause.getMessage()));
              }
            });
    race = contest;
    contest.start();
  }

  private void unreachable(String tried) {
    fail(
        new ClientException(
            Reason.CONNECT, "cannot connect to " + end() + ": " + tried, true, null));
  }

  private String end() {
    return to.proxy() == null ? name() : "the proxy " + Hosts.name(to.proxy());
  }

  private void connected(Channel channel) {
    race = null;
    ConnectionContext context =
        new ConnectionContext(
            loop.services().context,
            ConnectionSetup.orNobody(channel.remoteAddress()),
            ConnectionSetup.orNobody(channel.localAddress()),
            to.tls() != null);
    boolean clear =
        to.tls() == null && (to.proxy() == null || to.proxy().kind() != Proxy.Kind.HTTPS);
    NettyLink made =
        new NettyLink(
            channel,
            loop.services(),
            context,
            clear && TransportKit.takesFiles(channel),
            (socket, shared) -> new DialPhase(this, socket));
    link = made;
    channel.pipeline().addLast(made);
    next();
  }

  /** The next step, on a connection for which all before it are done. */
  void next() {
    Runnable step = steps.poll();
    if (over || step == null) {
      return;
    }
    try {
      step.run();
    } catch (ClientException e) {
      fail(throughProxy(e)); // it cannot be asked for what it should do
    }
  }

  private void tunnel(Proxy proxy) {
    doing = "waiting for the proxy " + Hosts.name(proxy);
    become(new Tunnel(this, link(), Hosts.talk(to, proxy, target)));
  }

  /** From here on the proxy carries our bytes; some of the server's may be here already. */
  void tunnelled(@Nullable ByteBuf early) {
    rest = early;
    if (early != null && to.tls() != null) {
      fail(throughProxy(ProxyTalk.refused("the proxy sent bytes before TLS began")));
    } else {
      next();
    }
  }

  private void secure() {
    securing = true;
    limit(times.tls());
    doing = "TLS with " + name();
    tls.withServer();
  }

  private void open() {
    NettyLink socket = link();
    Version version =
        to.protocol() == Protocol.HTTP_2 || tls.isHttp2() ? Version.HTTP_2 : Version.HTTP_1_1;
    ClientMachines.Made made = loop.machines().make(socket, version);
    socket.reading(false);
    finished();
    loop.keep(socket, made.connection());
    ClientConnection.Listener keeper;
    try {
      keeper = dialing.opened(made.connection());
    } catch (RuntimeException e) {
      LOG.error("who dialled {} failed when it was there, so it is closed", name(), e);
      dropRest();
      socket.closeNow();
      return;
    }
    made.keptBy().accept(keeper);
    socket.become(made.machine());
    ByteBuf early = rest;
    rest = null;
    if (early != null) {
      made.machine().received(early);
    }
  }

  // --- what steps use ---

  NettyLink link() {
    NettyLink there = link;
    if (there == null) {
      throw new IllegalStateException("no connection yet");
    }
    return there;
  }

  void become(DialPhase phase) {
    link().become(phase);
  }

  boolean isOver() {
    return over;
  }

  void doing(String what) {
    doing = what;
  }

  /** An error of a proxy, with its name. */
  ClientException throughProxy(ClientException e) {
    Proxy proxy = to.proxy();
    String where = proxy == null ? "" : Hosts.name(proxy) + ": ";
    return new ClientException(e.reason(), where + e.getMessage(), true, e.getCause());
  }

  private void limit(Duration time) {
    if (time.isZero()) {
      loop.deadlines().disarm(deadline);
    } else {
      loop.deadlines().arm(deadline, time.toNanos());
    }
  }

  private void late() {
    AddressRace<Channel> contest = race;
    String what = contest == null ? doing : "connecting to " + end() + ": " + contest.told();
    fail(
        securing
            ? new ClientException(
                Reason.TLS_TIMEOUT, what + " took longer than " + times.tls(), true, null)
            : new ClientException(
                Reason.CONNECT_TIMEOUT,
                "no connection to " + name() + " within " + times.connect() + ": " + what,
                true,
                null));
  }

  // --- the end ---

  /** It cannot even begin, unless it was given up before. */
  void refuse(ClientException error) {
    if (!over) {
      over = true; // nothing else of the loop is touched: it may have ended
      tell(error);
    }
  }

  /** It did not come about. */
  void fail(ClientException error) {
    if (over) {
      return;
    }
    abandon();
    tell(error);
  }

  private void tell(ClientException error) {
    try {
      dialing.failed(error);
    } catch (RuntimeException e) {
      LOG.error("who dialled {} failed when told that it is not there", name(), e);
    }
  }

  private void finished() {
    over = true;
    loop.deadlines().remove(deadline);
    loop.ended(this);
  }

  private void abandon() {
    finished();
    steps.clear();
    if (race != null) {
      race.abandon();
      race = null;
    }
    dropRest();
    if (link != null) {
      link.closeNow();
    }
  }

  private void dropRest() {
    if (rest != null) {
      rest.release();
      rest = null;
    }
  }

  @Override
  public void cancel() {
    loop.run(
        () -> {
          if (!over) {
            abandon();
          }
        });
  }
}
