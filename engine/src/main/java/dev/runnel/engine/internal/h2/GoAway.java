package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import java.util.concurrent.TimeUnit;

/**
 * The orderly end of a connection (RFC 9113 6.8): first a GOAWAY that only says that there will be
 * an end, then, when a PING has come back and the peer so has seen it, one that names the last
 * stream. Requests that were on their way in between are served.
 */
final class GoAway {
  /** For a PING to come back from a peer that is far away; who never answers must not hold us. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private static final long QUESTION = 0x72756e6e656c2100L;

  private final Http2Connection connection;
  private final Deadline deadline = new Deadline(this::seen);
  private boolean announced;
  private boolean lastNamed;
  private int last = Integer.MAX_VALUE;

  GoAway(Http2Connection connection) {
    this.connection = connection;
  }

  /** Announces the end. */
  void drain() {
    if (announced || lastNamed) {
      return;
    }
    announced = true;
    connection.writer().goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, "");
    connection.writer().ping(QUESTION, false);
    connection.context().deadlines().arm(deadline, PATIENCE);
  }

  /** A PING came back. */
  void answered(long opaque) {
    if (opaque == QUESTION && announced) {
      seen();
    }
  }

  private void seen() {
    if (!lastNamed && connection.isOpen()) {
      name("");
      connection.writable();
    }
  }

  /** Names the last stream now, without a round trip: nothing that was sent is served. */
  void last(String reason) {
    if (!lastNamed) {
      name(reason);
    }
    connection.closeIfDone();
  }

  private void name(String reason) {
    lastNamed = true;
    last = connection.streams().lastPeer();
    connection.writer().goAway(last, ErrorCode.NO_ERROR, reason);
  }

  /** Nobody uses the connection: close it, but not between the two halves of a drain. */
  void closeWhenQuiet() {
    if (!announced) {
      last("");
    }
  }

  /** Closes when the last stream that was named is over. */
  void closeIfDone() {
    if (isDone() && connection.isOpen()) {
      connection.linger();
    }
  }

  /** Whether all that was to be served is: what still comes is not looked at. */
  boolean isDone() {
    return lastNamed && connection.streams().isEmpty();
  }

  /** Whether the connection is on its way to its end. */
  boolean isAnnounced() {
    return announced || lastNamed;
  }

  /** Whether streams like this one come too late to be looked at. */
  boolean isBehind(int stream) {
    return stream > last;
  }

  void stop() {
    connection.context().deadlines().remove(deadline);
  }
}
