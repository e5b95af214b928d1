package dev.runnel.engine;

import dev.runnel.io.Loop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long something lives that runs on a loop, and who hears of its end: what a session needs to
 * know of the call that it grew from, whether that was answered here ({@link Exchange}) or sent
 * from here ({@link LoopLife}). Every method but {@link #loop()} is for the loop.
 */
public interface CallLife {
  /** The loop that owns it. */
  Loop loop();

  /**
   * Calls back, on the loop, when it is cancelled before its end; at once if it already was.
   *
   * @param listener told the cause that was recorded
   */
  void onCancel(Consumer<CancelCause> listener);

  /**
   * Calls back once, on the loop, when whoever runs it begins to stop, so that what has no end
   * comes to one; at once if that has begun already.
   */
  void onStop(Runnable listener);

  /** Gives it up for this reason: whoever listens is told. Does nothing when it is over. */
  void cancel(CancelCause cause);

  /** Why it was cancelled, or null. */
  @Nullable CancelCause cancelled();

  /** Keeps it alive for work that still runs on its behalf. Every hold must be released once. */
  Hold hold();

  /** Work that keeps something alive. */
  @FunctionalInterface
  interface Hold {
    /** The work is over. May be called from any thread, and more than once. */
    void release();
  }
}
