package dev.runnel.engine;

import dev.runnel.http.Body;

/**
 * A body that takes the connection over when it is ready to, and until then may have the request
 * answered otherwise with {@link Exchange#fail}: nothing is committed before it accepts.
 */
public interface CallUpgrade extends Body.Upgrade {
  /**
   * Called once, on the loop, after all filters returned. Whatever it throws fails the call.
   *
   * @param call the call, which {@link Exchange#hold()} keeps alive past the upgrade
   * @param accept sends the head; {@link #take} follows, perhaps later in this turn of the loop.
   *     Throws what an edit of the head throws, and {@link CallCancelledException} if the call is
   *     over
   */
  void begin(Exchange call, Runnable accept) throws Exception;
}
