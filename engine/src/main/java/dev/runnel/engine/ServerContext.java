package dev.runnel.engine;

import dev.runnel.http.Request;
import java.util.function.Supplier;

/** What calls see of the server that runs them. Safe from any thread. */
public interface ServerContext {
  /** Where blocking code runs. */
  Blocking blocking();

  /** A value kept with the server, made on first demand: the scope of detached work, a cache. */
  <T> T shared(Request.Key<T> key, Supplier<T> make);

  /**
   * Counts work that no call waits for, so that a drain waits for it and cancels it at its
   * deadline.
   *
   * @param cancel called once, from any thread, if the work is still running at the drain's
   *     deadline
   * @throws IllegalStateException after the server has stopped
   */
  Exchange.Hold detached(Runnable cancel);

  /** Whether the server was told to stop. */
  boolean isStopping();

  /** Whether error answers may show developers what went wrong. */
  boolean devMode();
}
