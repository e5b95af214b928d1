package dev.runnel.engine.internal.exchange;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;

/** Moves a pulled body to the peer as fast as the peer takes it. */
final class BodyPump {
  private final ServerExchange call;
  private final BodyReader from;
  private final BodyWriter to;

  BodyPump(ServerExchange call, BodyReader from, BodyWriter to) {
    this.call = call;
    this.from = from;
    this.to = to;
  }

  void pump() {
    if (call.isOver()) {
      return;
    }
    boolean writable = true;
    while (writable) {
      Bytes bytes = from.poll();
      if (bytes == null) {
        if (from.ended()) {
          to.end(call.responseTrailers());
        } else {
          // Only the engine's own reader guards whom it wakes.
          from.onReady(() -> call.guard(this::pump));
        }
        return;
      }
      writable = to.write(bytes);
    }
    to.onWritable(this::pump);
  }
}
