package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.Endpoint;
import dev.runnel.transport.TransportOptions;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** What the connections of one client share. Safe from any thread. */
final class ClientEndpoint implements Endpoint {
  private final TransportOptions options;
  private final Timeouts timeouts;
  private final AtomicLong held = new AtomicLong();

  ClientEndpoint(TransportOptions options) {
    this.options = options;
    // Heads, bodies and handshakes have limits of their calls and dials.
    this.timeouts = Timeouts.DEFAULT.withWriteStall(options.writeStall());
  }

  @Override
  public Limits limits() {
    return options.limits();
  }

  @Override
  public Timeouts timeouts() {
    return timeouts;
  }

  @Override
  public Http2Options http2() {
    return options.http2();
  }

  @Override
  public InstantSource wallClock() {
    return InstantSource.system();
  }

  /** A client has no drain: it closes its connections at once. */
  @Override
  public boolean isStopping() {
    return false;
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
  public void connectionOpened(SocketAddress remote) {
    // whoever dialled is told
  }

  @Override
  public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {
    // whoever keeps the connection is told
  }
}
