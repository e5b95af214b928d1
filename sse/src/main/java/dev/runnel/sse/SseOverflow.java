package dev.runnel.sse;

import dev.runnel.engine.SendQueue;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an event when its client takes too little: 64 KiB of the answer or more are
 * unsent, or on HTTP/2 its window is full. An immutable value.
 */
public final class SseOverflow {
  /** As many events wait by default before one is dropped. */
  public static final int DEFAULT_CAPACITY = 256;

  /**
   * The sender waits, for at most {@link SseOptions#patience()}; then the call is cancelled as
   * {@code SLOW_CONSUMER}. The default.
   */
  public static final SseOverflow SUSPEND = new SseOverflow(Kind.SUSPEND, 0, event -> null);

  /** The call is cancelled as {@code SLOW_CONSUMER} at once. */
  public static final SseOverflow CLOSE = new SseOverflow(Kind.CLOSE, 0, event -> null);

  private enum Kind {
    SUSPEND,
    DROP,
    CLOSE
  }

  private final Kind kind;
  private final int capacity;
  private final Function<? super ServerEvent, ? extends @Nullable Object> key;

  private SseOverflow(
      Kind kind, int capacity, Function<? super ServerEvent, ? extends @Nullable Object> key) {
    this.kind = kind;
    this.capacity = capacity;
    this.key = key;
  }

  /**
   * Events wait, at most so many; for one more the oldest is dropped and counted. No sender waits.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public static SseOverflow dropOldest(int capacity) {
    return conflate(capacity, event -> null);
  }

  /** Like {@link #conflate(int, Function)} with {@link #DEFAULT_CAPACITY}. */
  public static SseOverflow conflate(
      Function<? super ServerEvent, ? extends @Nullable Object> key) {
    return conflate(DEFAULT_CAPACITY, key);
  }

  /**
   * An event takes the place of the one that waits and has an equal key, which is dropped and
   * counted. Else it waits behind the others, as with {@link #dropOldest}. No sender waits.
   *
   * @param key runs on the loop of the stream; null is equal to nothing
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static SseOverflow conflate(
      int capacity, Function<? super ServerEvent, ? extends @Nullable Object> key) {
    if (capacity <= 0) {
      throw new IllegalArgumentException(
          "at least one event must have a place to wait, but the capacity is " + capacity);
    }
    return new SseOverflow(Kind.DROP, capacity, Objects.requireNonNull(key));
  }

  /** Whether a sender waits until there is room. */
  boolean suspends() {
    return kind == Kind.SUSPEND;
  }

  /** Whether events wait and may be dropped. */
  boolean drops() {
    return kind == Kind.DROP;
  }

  /** The events of one stream that wait and may be dropped. */
  DroppingQueue waiting(SendQueue queue, Runnable dropped) {
    return new DroppingQueue(queue, capacity, key, dropped);
  }

  @Override
  public String toString() {
    return kind == Kind.DROP ? "at most " + capacity + " events wait" : kind.toString();
  }
}
