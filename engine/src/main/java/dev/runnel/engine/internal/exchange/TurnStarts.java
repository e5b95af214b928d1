package dev.runnel.engine.internal.exchange;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual threads that a loop wants in one turn: they are started at its end, the first by the
 * loop and the others by the first.
 *
 * <p>A start from outside the scheduler of virtual threads wakes one of its carriers, which is a
 * system call, and the kernel lets that carrier run in place of the loop at once if cores are
 * short. A virtual thread that starts others only puts them into its carrier's queue (measured: a
 * blocking handler costs a fifth less CPU time with 64 connections on one core).
 *
 * <p>Owned by its loop's thread.
 */
public final class TurnStarts implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");
  private static final ThreadLocal<@Nullable TurnStarts> OF_THREAD = new ThreadLocal<>();

  private final Predicate<Runnable> atEndOfTurn;
  private @Nullable Start first;
  private @Nullable Start last;

  private TurnStarts(Predicate<Runnable> atEndOfTurn) {
    this.atEndOfTurn = atEndOfTurn;
  }

  /**
   * From now on what this thread starts waits for the end of the loop's turn.
   *
   * @param atEndOfTurn runs something then; or says that no turn will end any more
   */
  public static void collectOnThisThread(Predicate<Runnable> atEndOfTurn) {
    if (OF_THREAD.get() == null) {
      OF_THREAD.set(new TurnStarts(atEndOfTurn));
    }
  }

  /** Starts it: at the end of the turn on a loop, at once elsewhere. */
  static void start(Start wanted) {
    TurnStarts turn = OF_THREAD.get();
    if (turn == null || !turn.add(wanted)) {
      wanted.startThread();
    }
  }

  private boolean add(Start wanted) {
    Start before = last;
    if (before != null) {
      before.next = wanted;
    } else if (atEndOfTurn.test(this)) {
      first = wanted;
    } else {
      return false;
    }
    last = wanted;
    return true;
  }

  /** The turn has ended. */
  @Override
  public void run() {
    Start head = first;
    first = null;
    last = null;
    while (head != null && !isStarted(head)) {
      head = head.takeNext(); // the one behind it has to start the rest
    }
  }

  private static boolean isStarted(Start wanted) {
    try {
      wanted.startThread();
      return true;
    } catch (Throwable e) {
      tell(wanted, e);
      return false;
    }
  }

  private static void tell(Start wanted, Throwable error) {
    try {
      wanted.notStarted(error);
    } catch (Throwable e) {
      LOG.error("no thread could be started for blocking code, and nobody takes the error", e);
    }
  }

  /** A thread that is wanted. */
  abstract static class Start {
    private @Nullable Start next;

    /** Starts the thread. */
    abstract void startThread();

    /** There was no thread to be had, and who wanted it does not know. */
    abstract void notStarted(Throwable error);

    /** Starts those that wait behind this one. First thing on the thread. */
    final void startThoseBehind() {
      Start behind = takeNext();
      while (behind != null) {
        Start after = behind.takeNext(); // it starts nobody itself
        var unused = isStarted(behind);
        behind = after;
      }
    }

    private @Nullable Start takeNext() {
      Start taken = next;
      next = null;
      return taken;
    }
  }
}
