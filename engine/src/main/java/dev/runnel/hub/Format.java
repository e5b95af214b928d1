package dev.runnel.hub;

import dev.runnel.io.Bytes;
import java.util.function.Supplier;

/**
 * How a message stands on the wire for one kind of subscriber, such as a text frame of WebSocket or
 * an event of a stream. A broadcast asks each of its formats once, and all subscribers of formats
 * that are equal share the bytes: let formats that write the same bytes be equal, best by being one
 * object.
 *
 * @param <T> messages
 */
@FunctionalInterface
public interface Format<T> {
  /**
   * The bytes that are sent for a message; none at all if those who use this format are not to get
   * it. Called on the loop of any subscriber, so it must be safe from any thread and must not
   * block. What it throws becomes the failure of the broadcast; nobody is closed for it.
   *
   * @param payload the message by the hub's encoder, made when first asked for, once for all
   *     formats
   */
  Bytes encode(T message, Supplier<Payload> payload);
}
