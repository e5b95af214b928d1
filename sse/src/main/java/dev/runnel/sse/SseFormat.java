package dev.runnel.sse;

import dev.runnel.hub.Format;
import dev.runnel.hub.Payload;
import dev.runnel.io.Bytes;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How messages of a {@link dev.runnel.hub.Hub} become events. Each message is encoded once for all
 * streams of a format.
 *
 * @param <T> messages
 */
public final class SseFormat<T> implements Format<T> {
  private static final SseFormat<Object> EVENTS = new SseFormat<>(null);

  private final @Nullable Function<? super T, ? extends @Nullable ServerEvent> event;

  private SseFormat(@Nullable Function<? super T, ? extends @Nullable ServerEvent> event) {
    this.event = event;
  }

  /**
   * A {@link ServerEvent} is sent as it is; of anything else the payload, which must be text, is
   * the data.
   */
  @SuppressWarnings("unchecked") // it takes anything
  public static <T> SseFormat<T> events() {
    return (SseFormat<T>) EVENTS;
  }

  /**
   * Each message becomes an event by this function; null leaves it out. Formats of one function are
   * equal: give all streams of a hub the same one, so that they share what it makes.
   *
   * @param event runs on the loop of any stream, must be safe from any thread and must not block
   */
  public static <T> SseFormat<T> of(Function<? super T, ? extends @Nullable ServerEvent> event) {
    return new SseFormat<>(Objects.requireNonNull(event, "event"));
  }

  @Override
  public Bytes encode(T message, Supplier<Payload> payload) {
    ServerEvent made = eventOf(message, payload);
    return made == null ? Bytes.EMPTY : made.encoded();
  }

  private @Nullable ServerEvent eventOf(T message, Supplier<Payload> payload) {
    if (event != null) {
      return event.apply(message);
    }
    if (message instanceof ServerEvent ready) {
      return ready;
    }
    Payload made = payload.get();
    if (!made.text()) {
      throw new IllegalArgumentException(
          "a stream of events carries text, but the payload of "
              + message.getClass().getName()
              + " is binary: join with SseFormat.of(message -> ServerEvent.of(…))");
    }
    return ServerEvent.of(made.bytes().utf8());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SseFormat<?> that && Objects.equals(event, that.event);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(event);
  }

  @Override
  public String toString() {
    return event == null ? "SseFormat.events()" : "SseFormat.of(" + event + ")";
  }
}
