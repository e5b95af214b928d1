package dev.runnel.websocket;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * For tests alone: the masking keys and handshake keys (RFC 6455 5.3, 4.1) that are drawn on one
 * thread come from a seed, so that two runs put the same bytes on the wire. Until it is closed,
 * clients of WebSocket on that thread are without the protection that keys nobody can foretell are
 * for (RFC 6455 10.3).
 */
public final class SeededKeys implements AutoCloseable {
  private static final ThreadLocal<@Nullable SeededKeys> HERE = new ThreadLocal<>();

  private final Random random;
  private final @Nullable SeededKeys outer;
  private volatile boolean closed;

  private SeededKeys(long seed, @Nullable SeededKeys outer) {
    this.random = new Random(seed);
    this.outer = outer;
  }

  /** From now on, and until it is closed; what was there before then goes on. */
  public static SeededKeys onThisThread(long seed) {
    SeededKeys keys = new SeededKeys(seed, current());
    HERE.set(keys);
    return keys;
  }

  /** The one of this thread, or null. Those that were closed, by whatever thread, are dropped. */
  static @Nullable SeededKeys current() {
    SeededKeys first = HERE.get();
    SeededKeys keys = first;
    while (keys != null && keys.closed) {
      keys = keys.outer;
    }
    if (keys != first) {
      if (keys == null) {
        HERE.remove();
      } else {
        HERE.set(keys);
      }
    }
    return keys;
  }

  int next() {
    return random.nextInt();
  }

  /** Keys are nobody's guess again. Any thread. */
  @Override
  public void close() {
    closed = true;
    SeededKeys unused = current();
  }
}
