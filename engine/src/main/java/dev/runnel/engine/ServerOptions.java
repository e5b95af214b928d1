package dev.runnel.engine;

import dev.runnel.engine.CallSettings.ClientFin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a server runs. Immutable; made by {@link #builder()}. */
public final class ServerOptions {
  /** Everything at its default. */
  public static final ServerOptions DEFAULT = builder().build();

  private final Limits limits;
  private final Timeouts timeouts;
  private final Http2Options http2;
  private final Transport transport;
  private final int loops;
  private final int backlog;
  private final boolean reusePort;
  private final boolean proxyProtocol;
  private final boolean devMode;
  private final ClientFin onClientFin;
  private final TrustedProxies trustedProxies;
  private final List<ServerObserver> observers;
  private final InstantSource wallClock;
  private final Duration watchdog;

  private ServerOptions(Builder from) {
    limits = from.limits;
    timeouts = from.timeouts;
    http2 = from.http2;
    transport = from.transport;
    loops = from.loops;
    backlog = from.backlog;
    reusePort = from.reusePort;
    proxyProtocol = from.proxyProtocol;
    devMode = from.devMode;
    onClientFin = from.onClientFin;
    trustedProxies = from.trustedProxies;
    observers = List.copyOf(from.observers);
    wallClock = from.wallClock;
    watchdog = from.watchdog;
  }

  /** Options to be set. */
  public static Builder builder() {
    return new Builder();
  }

  /** The size limits. */
  public Limits limits() {
    return limits;
  }

  /** The time limits. */
  public Timeouts timeouts() {
    return timeouts;
  }

  /** How HTTP/2 is spoken. */
  public Http2Options http2() {
    return http2;
  }

  /** What moves the bytes. */
  public Transport transport() {
    return transport;
  }

  /** How many event loops. */
  public int loops() {
    return loops;
  }

  /** Connections the kernel holds that were not accepted yet. */
  public int backlog() {
    return backlog;
  }

  /** Whether several processes may listen on one port (SO_REUSEPORT). */
  public boolean reusePort() {
    return reusePort;
  }

  /** Whether every connection starts with a PROXY protocol header. */
  public boolean proxyProtocol() {
    return proxyProtocol;
  }

  /** Whether error answers show developers what went wrong. */
  public boolean devMode() {
    return devMode;
  }

  /** What a FIN of the client means to a handler that has not answered. */
  public ClientFin onClientFin() {
    return onClientFin;
  }

  /** Whose Forwarded and X-Forwarded-* fields are believed. */
  public TrustedProxies trustedProxies() {
    return trustedProxies;
  }

  /** Who watches. */
  public List<ServerObserver> observers() {
    return observers;
  }

  /** The wall clock behind the Date field. */
  public InstantSource wallClock() {
    return wallClock;
  }

  /** How long a handler may hold its loop before its stack is logged. */
  public Duration watchdog() {
    return watchdog;
  }

  /** What moves the bytes between kernel and engine. */
  public enum Transport {
    /** The best that loads: epoll on Linux, kqueue on macOS, else NIO. */
    AUTO,
    /** java.nio: works everywhere. */
    NIO,
    /** Linux epoll through JNI. */
    EPOLL,
    /** Linux io_uring through JNI. */
    IO_URING,
    /** macOS and BSD kqueue through JNI. */
    KQUEUE
  }

  /** Options to be set. Not thread-safe. */
  public static final class Builder {
    private Limits limits = Limits.DEFAULT;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private Http2Options http2 = Http2Options.DEFAULT;
    private Transport transport = Transport.AUTO;
    private int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
    private int backlog = 1024;
    private boolean reusePort;
    private boolean proxyProtocol;
    private boolean devMode;
    private ClientFin onClientFin = ClientFin.CANCEL;
    private TrustedProxies trustedProxies = TrustedProxies.NONE;
    private final List<ServerObserver> observers = new ArrayList<>();
    private InstantSource wallClock = InstantSource.system();
    private Duration watchdog = Duration.ofMillis(100);

    private Builder() {}

    /** The size limits; {@link Limits#DEFAULT} unless set. */
    public Builder limits(Limits value) {
      limits = Objects.requireNonNull(value);
      return this;
    }

    /** The time limits; {@link Timeouts#DEFAULT} unless set. */
    public Builder timeouts(Timeouts value) {
      timeouts = Objects.requireNonNull(value);
      return this;
    }

    /** How HTTP/2 is spoken; {@link Http2Options#DEFAULT} unless set. */
    public Builder http2(Http2Options value) {
      http2 = Objects.requireNonNull(value);
      return this;
    }

    /** What moves the bytes; a named transport that does not load is a start-up error. */
    public Builder transport(Transport value) {
      transport = Objects.requireNonNull(value);
      return this;
    }

    /** How many event loops; one per processor unless set. */
    public Builder loops(int count) {
      loops = positive("loops", count);
      return this;
    }

    /** Connections the kernel holds that were not accepted yet; 1,024 unless set. */
    public Builder backlog(int count) {
      backlog = positive("backlog", count);
      return this;
    }

    /**
     * Whether several processes may listen on one port (SO_REUSEPORT; Linux and BSD, native
     * transports only).
     */
    public Builder reusePort(boolean value) {
      reusePort = value;
      return this;
    }

    /**
     * Whether every connection starts with a PROXY protocol header, version 1 or 2; one without it
     * is closed.
     */
    public Builder proxyProtocol(boolean value) {
      proxyProtocol = value;
      return this;
    }

    /** Whether error answers show developers what went wrong. Never on in production. */
    public Builder devMode(boolean value) {
      devMode = value;
      return this;
    }

    /**
     * What a FIN of the client means to a handler that has not answered; a route may say otherwise.
     */
    public Builder onClientFin(ClientFin value) {
      onClientFin = Objects.requireNonNull(value);
      return this;
    }

    /** Whose Forwarded and X-Forwarded-* fields are believed; nobody's unless set. */
    public Builder trustedProxies(TrustedProxies value) {
      trustedProxies = Objects.requireNonNull(value);
      return this;
    }

    /** One more observer. */
    public Builder observer(ServerObserver value) {
      observers.add(Objects.requireNonNull(value));
      return this;
    }

    /** The wall clock behind the Date field; the system's unless set. */
    public Builder wallClock(InstantSource value) {
      wallClock = Objects.requireNonNull(value);
      return this;
    }

    /**
     * How long a handler may hold its loop before its stack is logged, by the wall clock; 100 ms,
     * ZERO is off.
     */
    public Builder watchdog(@Nullable Duration value) {
      watchdog = value == null ? Duration.ZERO : value;
      return this;
    }

    /** The options. */
    public ServerOptions build() {
      return new ServerOptions(this);
    }

    private static int positive(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
      }
      return value;
    }
  }
}
