package dev.runnel.testing;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.Endpoint;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;

/** What the connections of a client share, for one under test. */
public final class TestEndpoint implements Endpoint {
  private final Limits limits;
  private final Timeouts timeouts;
  private final Http2Options http2;
  private long held;

  public TestEndpoint(Limits limits, Timeouts timeouts, Http2Options http2) {
    this.limits = limits;
    this.timeouts = timeouts;
    this.http2 = http2;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Timeouts timeouts() {
    return timeouts;
  }

  @Override
  public Http2Options http2() {
    return http2;
  }

  @Override
  public InstantSource wallClock() {
    return InstantSource.fixed(Instant.EPOCH);
  }

  @Override
  public boolean isStopping() {
    return false;
  }

  @Override
  public void held(long bytes) {
    held += bytes;
  }

  @Override
  public long held() {
    return held;
  }

  @Override
  public void connectionOpened(SocketAddress remote) {
    // nobody counts
  }

  @Override
  public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {
    // nobody counts
  }
}
