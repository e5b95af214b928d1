package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Time limits of streams, most of which are never needed and so never made. */
final class Deadlines {
  private Deadlines() {}

  /** Sets or moves it; ZERO is no limit. */
  static void arm(Http2Connection connection, Deadline deadline, Duration after) {
    if (!after.isZero()) {
      connection.context().deadlines().arm(deadline, after.toNanos());
    }
  }

  static void disarm(Http2Connection connection, @Nullable Deadline deadline) {
    if (deadline != null) {
      connection.context().deadlines().disarm(deadline);
    }
  }

  static void remove(Http2Connection connection, @Nullable Deadline deadline) {
    if (deadline != null) {
      connection.context().deadlines().remove(deadline);
    }
  }
}
