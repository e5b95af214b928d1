package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerContext;
import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Timeouts;
import dev.runnel.http.Request;
import dev.runnel.http.Status;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all loops of one server share. Safe from any thread. */
public final class ServerState implements ServerContext, Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private static final int FIRST_ID = 36 * 36 * 36; // the first of four characters

  private final ServerOptions options;
  private final Handler handler;
  private final Blocking blocking;
  private final ServerObserver[] observers;
  private final Map<Request.Key<?>, Object> shared = new ConcurrentHashMap<>();
  private final DetachedWork detached = new DetachedWork();
  // Tells apart the ids of two runs in one log.
  private final String runId;
  private final AtomicLong held = new AtomicLong();
  private volatile boolean stopping;

  /** A server that runs this handler. */
  public ServerState(ServerOptions options, Handler handler, Blocking blocking) {
    this(options, handler, blocking, ThreadLocalRandom.current().nextInt());
  }

  /**
   * A server that runs this handler.
   *
   * @param run tells its ids apart from those of other runs
   */
  public ServerState(ServerOptions options, Handler handler, Blocking blocking, int run) {
    this.runId = Integer.toString(FIRST_ID + Math.floorMod(run, 36 * FIRST_ID - FIRST_ID), 36);
    this.options = options;
    this.handler = handler;
    this.blocking = blocking;
    this.observers = options.observers().toArray(ServerObserver[]::new);
  }

  /** The options. */
  public ServerOptions options() {
    return options;
  }

  @Override
  public Limits limits() {
    return options.limits();
  }

  @Override
  public Timeouts timeouts() {
    return options.timeouts();
  }

  @Override
  public Http2Options http2() {
    return options.http2();
  }

  @Override
  public InstantSource wallClock() {
    return options.wallClock();
  }

  /** What answers the calls. */
  public Handler handler() {
    return handler;
  }

  String runId() {
    return runId;
  }

  @Override
  public Blocking blocking() {
    return blocking;
  }

  @Override
  @SuppressWarnings("unchecked") // a key is only ever stored with a value of its type
  public <T> T shared(Request.Key<T> key, Supplier<T> make) {
    return (T) shared.computeIfAbsent(key, unused -> make.get());
  }

  @Override
  public Exchange.Hold detached(Runnable cancel) {
    return detached.begin(cancel);
  }

  /** The work that no call waits for. */
  public DetachedWork detachedWork() {
    return detached;
  }

  @Override
  public boolean isStopping() {
    return stopping;
  }

  /** From now on answers close their connections. */
  public void beginStop() {
    stopping = true;
  }

  @Override
  public void held(long bytes) {
    held.addAndGet(bytes);
  }

  @Override
  public long held() {
    return held.get();
  }

  @Override
  public boolean devMode() {
    return options.devMode();
  }

  /** Whether anybody watches. */
  public boolean isObserved() {
    return observers.length > 0;
  }

  /**
   * Tells the observers; what one of them throws is logged and goes no further. That holds for
   * errors too: thrown on, even an OutOfMemoryError would end no more than one step of a connection
   * in its middle, and it is for the JVM's options to end the process.
   */
  public void observe(Consumer<ServerObserver> event) {
    for (ServerObserver observer : observers) {
      try {
        event.accept(observer);
      } catch (Throwable e) {
        LOG.error("observer {} failed", observer, e);
      }
    }
  }

  @Override
  public void connectionOpened(SocketAddress remote) {
    if (isObserved()) {
      observe(o -> o.connectionOpened(remote));
    }
  }

  @Override
  public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {
    if (isObserved()) {
      observe(o -> o.connectionClosed(remote, bytesRead, bytesWritten));
    }
  }

  /** Bytes that were no request were refused. */
  public void requestRejected(SocketAddress remote, Status status, String reason) {
    if (isObserved()) {
      observe(o -> o.requestRejected(remote, status, reason));
    }
  }

  void requestStarted(Request request) {
    if (isObserved()) {
      observe(o -> o.requestStarted(request));
    }
  }

  void responseStarted(Request request, Status status) {
    if (isObserved()) {
      observe(o -> o.responseStarted(request, status));
    }
  }

  void requestEnded(Request request, Outcome outcome) {
    if (isObserved()) {
      observe(o -> o.requestEnded(request, outcome));
    }
  }
}
