package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.Endpoint;
import java.net.SocketAddress;
import java.time.InstantSource;

/** What connections of a client share, where no client is. */
record ClientEnd(Limits limits, Timeouts timeouts) implements Endpoint {
  @Override
  public Http2Options http2() {
    return Http2Options.DEFAULT;
  }

  @Override
  public InstantSource wallClock() {
    return InstantSource.system();
  }

  @Override
  public boolean isStopping() {
    return false;
  }

  @Override
  public void held(long bytes) {}

  @Override
  public long held() {
    return 0;
  }

  @Override
  public void connectionOpened(SocketAddress remote) {}

  @Override
  public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {}
}
