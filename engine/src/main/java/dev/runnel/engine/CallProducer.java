package dev.runnel.engine;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;

/**
 * A body that writes itself and needs the call it answers: its cancellation, its holds, its end.
 */
public interface CallProducer extends Body.Producer {
  /**
   * Called once, on the loop, after all filters returned. Whatever it throws ends the call: with a
   * mapped error before the first byte, with an aborted body after it.
   */
  void produce(Exchange call, BodyWriter writer) throws Exception;

  @Override
  default void produce(BodyWriter writer) {
    throw new IllegalStateException("this body is produced for a call only");
  }
}
