package dev.runnel.transport;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The loops of a client, and the way to make connections on them. Safe from any thread. */
public interface ClientTransport extends AutoCloseable {
  /** A loop: the caller's, if it is one of ours, else one after the other. */
  Loop loop();

  /** Whether the caller is on one of the loops. */
  boolean isLoop();

  /** The options. */
  TransportOptions options();

  /**
   * Makes a connection: resolves the host, connects to the first of its addresses that answers (RFC
   * 8305), passes the proxy, and shakes hands.
   *
   * @param loop one of ours, on which all happens that can be seen
   * @param times how long it may take
   */
  Dialing.Handle dial(Destination to, Loop loop, Times times, Dialing dialing);

  /**
   * Closes all connections at once, and then the loops.
   *
   * @return completes when all threads are gone
   */
  CompletableFuture<Void> closeAsync();

  /** Like {@link #closeAsync()}, and waits for it, but not on a loop. */
  @Override
  void close();

  /**
   * Time limits of making a connection, by the loop's clock; ZERO is none.
   *
   * @param connect from the start to a connection, with resolving and the proxy, without TLS
   * @param tls the TLS handshake with the server
   */
  record Times(Duration connect, Duration tls) {
    /** 10 s each. */
    public static final Times DEFAULT = new Times(Duration.ofSeconds(10), Duration.ofSeconds(10));
  }
}
