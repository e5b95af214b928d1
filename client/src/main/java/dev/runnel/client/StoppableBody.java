package dev.runnel.client;

import dev.runnel.http.Body;

/**
 * A body that writes itself, and that is told when it need not go on: the call is over, or the
 * server answered without waiting for the rest. A producer that only ever acts when its writer
 * wakes it needs none of this; one that waits for something else does.
 */
public interface StoppableBody extends Body.Producer {
  /**
   * The call takes no more of what {@link #produce} began to write. Once at most for each time that
   * it was produced, on the loop, and not after its end; what is written from now on is refused.
   */
  void stopped();
}
