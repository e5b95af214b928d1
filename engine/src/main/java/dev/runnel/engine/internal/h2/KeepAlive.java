package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a silent peer whether it is there (PING, RFC 9113 6.7): a peer whose machine or network died
 * sends no FIN. Whatever comes is an answer.
 */
final class KeepAlive {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  private static final Loss SILENT =
      Loss.of(CancelCause.CLIENT_GONE, "the peer did not answer a PING, the connection is dead");

  /** Tells our PINGs apart from others that the peer might echo. */
  static final long QUESTION = 0x72756e6e656c3f00L;

  private final Http2Connection connection;
  private final Deadline deadline = new Deadline(this::silent);
  private long heardAt;
  private long askedAt;
  private boolean asked;

  KeepAlive(Http2Connection connection) {
    this.connection = connection;
  }

  void start() {
    heard();
    arm(connection.options().pingIdle().toNanos());
  }

  /** Bytes came. */
  void heard() {
    heardAt = connection.context().now();
  }

  private void silent() {
    long idle = connection.options().pingIdle().toNanos();
    long now = connection.context().loop().nanoTime();
    if (asked && heardAt - askedAt < 0 && !connection.isHeldBack()) {
      LOG.debug("{} did not answer a PING, closed", connection.link().connection().remote());
      connection.cancel(SILENT);
      return;
    }
    asked = false;
    long left = idle - (now - heardAt);
    if (left > 0) {
      arm(left);
      return;
    }
    // A question would wait behind what is unsent, and its answer be late without any fault of the
    // peer's. How long it may take nothing is another limit's matter.
    if (!connection.link().hasUnsent()) {
      asked = true;
      askedAt = now;
      connection.writer().ping(QUESTION, false);
    }
    arm(connection.options().pingAnswer().toNanos());
  }

  private void arm(long nanos) {
    if (nanos > 0) {
      connection.context().deadlines().arm(deadline, nanos);
    }
  }

  void stop() {
    connection.context().deadlines().remove(deadline);
  }
}
