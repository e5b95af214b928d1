package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import org.jspecify.annotations.Nullable;

/**
 * Counts received bytes that nobody took yet, over the streams of a connection and over all
 * connections of our end. Each stream is held by its window; this is for many that stall at once.
 * Above the budget the newest stream that holds some gives way, because those before it are nearer
 * to their end.
 */
final class Budget {
  private static final Loss OVER =
      Loss.of(
          CancelCause.OVER_BUDGET,
          "more received bytes were held than may be (HTTP/2 budgets), because nobody took them");

  private final Http2Connection connection;
  private long held;
  private boolean closed;

  Budget(Http2Connection connection) {
    this.connection = connection;
  }

  void held(int bytes) {
    if (!closed) {
      held += bytes;
      connection.link().connection().endpoint().held(bytes);
    }
  }

  /** Whether there is room for one more body. */
  boolean hasRoom() {
    return !isOver();
  }

  private boolean isOver() {
    return held > connection.options().connectionBudget()
        || connection.link().connection().endpoint().held() > connection.options().serverBudget();
  }

  /** Makes room, if there must be some. */
  void enforce() {
    while (held > 0 && isOver()) {
      Http2Stream victim = newest();
      if (victim == null) {
        return;
      }
      connection.streams().reset(victim.id, ErrorCode.ENHANCE_YOUR_CALM, OVER);
    }
  }

  private @Nullable Http2Stream newest() {
    Http2Stream newest = null;
    for (Http2Stream stream : connection.streams().all()) {
      if (stream.hasInput() && (newest == null || stream.id > newest.id)) {
        newest = stream;
      }
    }
    return newest;
  }

  /** The connection is gone, and all that it held. */
  void close() {
    connection.link().connection().endpoint().held(-held);
    held = 0;
    closed = true;
  }
}
