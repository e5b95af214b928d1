package dev.runnel.hub;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a hub treats its subscribers. Immutable; {@link #defaults} and the {@code with…} methods make
 * others.
 *
 * @param queue how many messages of the hub may wait for one subscriber, 1 to 65,536 (256)
 * @param overflow what happens to one more ({@link Overflow#CLOSE_SLOW})
 * @param key for {@link Overflow#CONFLATE}, which messages replace each other: those with equal
 *     keys; a null key replaces nothing and is not replaced. Called on any loop, must not block
 * @param payload makes the payload of a message, at most once per broadcast, on any loop; must not
 *     block ({@link Payload#of})
 * @param <T> messages
 */
public record HubOptions<T>(
    int queue,
    Overflow overflow,
    @Nullable Function<? super T, ? extends @Nullable Object> key,
    Function<? super T, Payload> payload) {
  private static final HubOptions<Object> DEFAULT =
      new HubOptions<>(256, Overflow.CLOSE_SLOW, null, Payload::of);

  public HubOptions {
    if (queue < 1 || queue > 1 << 16) {
      throw new IllegalArgumentException("the queue of a hub is out of range: " + queue);
    }
    if (overflow == Overflow.CONFLATE && key == null) {
      throw new IllegalArgumentException("CONFLATE needs a key: use withConflation(key)");
    }
  }

  /** The defaults. */
  public static <T> HubOptions<T> defaults() {
    return new HubOptions<>(DEFAULT.queue, DEFAULT.overflow, null, DEFAULT.payload);
  }

  /** With room for another number of messages per subscriber. */
  public HubOptions<T> withQueue(int messages) {
    return new HubOptions<>(messages, overflow, key, payload);
  }

  /** With another fate of messages that find the queue full. */
  public HubOptions<T> withOverflow(Overflow other) {
    return new HubOptions<>(queue, other, key, payload);
  }

  /** With {@link Overflow#CONFLATE} by this key. */
  public HubOptions<T> withConflation(Function<? super T, ? extends @Nullable Object> by) {
    return new HubOptions<>(queue, Overflow.CONFLATE, by, payload);
  }

  /** With another encoder; for messages that are neither text nor bytes one is needed. */
  public HubOptions<T> withPayload(Function<? super T, Payload> encoder) {
    return new HubOptions<>(queue, overflow, key, encoder);
  }
}
