package dev.runnel.client;

import dev.runnel.engine.CallLife;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Received;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Loop;

/**
 * A connection, or a stream, that speaks another protocol now.
 *
 * @param head of the answer that gave it
 * @param connection the bytes, on the loop
 * @param life its loop, and who tells it that the client stops
 * @param received how the answer came
 */
public record Upgraded(
    ResponseHead head, RawConnection connection, CallLife life, Received received) {
  /** Where it lives. */
  public Loop loop() {
    return life.loop();
  }
}
