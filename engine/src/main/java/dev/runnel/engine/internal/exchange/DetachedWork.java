package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of the server that belongs to no call. Counted by a drain, cancelled at its deadline. Safe
 * from any thread.
 */
public final class DetachedWork {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private final Set<Work> running = new LinkedHashSet<>();
  private int finished;
  private boolean closed;

  synchronized Exchange.Hold begin(Runnable cancel) {
    if (closed) {
      throw new IllegalStateException("the server has stopped: no detached work is taken any more");
    }
    Work work = new Work(cancel);
    running.add(work);
    return () -> end(work);
  }

  private synchronized void end(Work work) {
    if (running.remove(work)) {
      finished++;
    }
  }

  /** How many run. */
  public synchronized int active() {
    return running.size();
  }

  /** How many have ended. */
  public synchronized int finished() {
    return finished;
  }

  /** Takes no more, and cancels what runs and was not cancelled before; says how many. */
  public int cancelAll() {
    List<Work> told = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Work work : running) {
        if (!work.cancelled) {
          work.cancelled = true;
          told.add(work);
        }
      }
    }
    for (Work work : told) {
      try {
        work.cancel.run();
      } catch (Throwable e) {
        LOG.error("detached work could not be cancelled", e); // and the others must be
      }
    }
    return told.size();
  }

  /** Compared by identity: the same cancel may stand for two pieces of work. */
  private static final class Work {
    private final Runnable cancel;
    private boolean cancelled;

    Work(Runnable cancel) {
      this.cancel = cancel;
    }
  }
}
