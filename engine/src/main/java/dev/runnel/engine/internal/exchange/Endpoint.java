package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import java.net.SocketAddress;
import java.time.InstantSource;

/** What the connections of one server, or of one client, share. Safe from any thread. */
public interface Endpoint {
  /** The size limits. */
  Limits limits();

  /** The time limits. */
  Timeouts timeouts();

  /** How HTTP/2 is spoken. */
  Http2Options http2();

  /** What the Date field is read from. */
  InstantSource wallClock();

  /** Whether connections that begin now come too late. */
  boolean isStopping();

  /** Received bytes are held that nobody took yet; negative when they were taken. */
  void held(long bytes);

  /** How many such bytes there are on all connections. */
  long held();

  /** A connection is there. */
  void connectionOpened(SocketAddress remote);

  /** A connection is gone. */
  void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten);
}
