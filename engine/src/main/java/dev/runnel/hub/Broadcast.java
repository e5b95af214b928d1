package dev.runnel.hub;

import dev.runnel.io.Bytes;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One message on its way to all subscribers, and what was made of it so far. Any thread. */
final class Broadcast<T> {
  final T message;
  final @Nullable Subscription except;
  final CompletableFuture<Void> stage = new CompletableFuture<>();
  private final Once<Payload> payload;
  private final Map<Format<? super T>, Once<Bytes>> encoded = new ConcurrentHashMap<>(2);
  private @Nullable Throwable failure;

  Broadcast(T message, @Nullable Subscription except, Function<? super T, Payload> encoder) {
    this.message = Objects.requireNonNull(message, "a hub cannot broadcast null");
    this.except = except;
    this.payload =
        new Once<>(
            () ->
                Objects.requireNonNull(
                    encoder.apply(message), "the payload encoder of the hub gave null"));
  }

  /** The bytes in a format, none if the format failed. */
  Bytes in(Format<? super T> format) {
    Once<Bytes> bytes = encoded.get(format);
    if (bytes == null) {
      bytes = encoded.computeIfAbsent(format, f -> new Once<>(() -> encode(f)));
    }
    return bytes.get();
  }

  // Runs once per format, so that each failure is recorded once.
  private Bytes encode(Format<? super T> format) {
    try {
      return Objects.requireNonNull(
          format.encode(message, payload), () -> format + " gave null for a message");
    } catch (Throwable e) {
      failed(e);
      return Bytes.EMPTY;
    }
  }

  /** Makes this the failure of the broadcast; the first one stands, others go along. */
  synchronized void failed(Throwable error) {
    if (failure == null) {
      failure = error;
    } else if (failure != error) {
      failure.addSuppressed(error);
    }
  }

  /** The end: each subscriber has it, dropped it or left. Completes the stage. */
  void finish() {
    Throwable error;
    synchronized (this) {
      error = failure;
    }
    if (error == null) {
      stage.complete(null);
    } else {
      stage.completeExceptionally(error);
    }
  }
}
