package dev.runnel.engine.internal.exchange;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All time limits of one loop behind one timer. Setting a deadline is a field write, because most
 * of them are moved or dropped long before they are due; the timer stands at the earliest one known
 * when it was set, and looks at all of them when it fires. A deadline is never met early, and at
 * most one tick late.
 */
public final class DeadlineSweep {
  /** No deadline. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  private final Loop loop;
  private final long tickNanos;
  private final Deadline head = new Deadline(() -> {});
  private Loop.@Nullable Timer timer;
  private long wakeAt = NEVER;

  /**
   * @param loop whose clock counts
   * @param tick the least time between two sweeps; zero is exact
   */
  public DeadlineSweep(Loop loop, Duration tick) {
    this.loop = loop;
    this.tickNanos = tick.toNanos();
    head.next = head;
    head.previous = head;
  }

  /** Sets or moves a deadline, in nanoseconds of the loop's clock from now. */
  public void arm(Deadline deadline, long afterNanos) {
    long due = loop.nanoTime() + afterNanos;
    deadline.due = due;
    if (deadline.next == null) {
      link(deadline);
    }
    if (wakeAt == NEVER || due - wakeAt < 0) {
      wake(due);
    }
  }

  /** Drops a deadline; it leaves the list at the next sweep. */
  public void disarm(Deadline deadline) {
    deadline.due = NEVER;
  }

  /** Drops a deadline whose owner is gone, at once: the list must not keep the dead alive. */
  public void remove(Deadline deadline) {
    deadline.due = NEVER;
    unlink(deadline);
  }

  private void wake(long at) {
    if (timer != null) {
      timer.cancel();
    }
    wakeAt = at;
    timer = loop.schedule(this::sweep, Duration.ofNanos(Math.max(0, at - loop.nanoTime())));
  }

  private void sweep() {
    timer = null;
    wakeAt = NEVER;
    long now = loop.nanoTime();
    long earliest = NEVER;
    List<Deadline> expired = new ArrayList<>();
    for (Deadline d = head.next; d != head && d != null; ) {
      Deadline following = d.next;
      if (d.due == NEVER) {
        unlink(d);
      } else if (d.due - now <= 0) {
        unlink(d);
        expired.add(d);
      } else if (earliest == NEVER || d.due - earliest < 0) {
        earliest = d.due;
      }
      d = following;
    }
    if (earliest != NEVER) {
      wake(Math.max(earliest, now + tickNanos));
    }
    expire(expired);
  }

  private static void expire(List<Deadline> expired) {
    for (Deadline d : expired) {
      // The expiry of another one may have disarmed it, or armed it again for later.
      if (d.due != NEVER && d.next == null) {
        d.due = NEVER;
        expireOne(d);
      }
    }
  }

  /**
   * One that fails must not keep the others from their time, with an error no more than with an
   * exception: nobody would run them, and their connections would stay for ever.
   */
  private static void expireOne(Deadline d) {
    try {
      d.expiry.run();
    } catch (Throwable e) {
      LOG.error("what was to be done at a deadline failed", e);
    }
  }

  private void link(Deadline d) {
    Deadline last = head.previous;
    d.previous = last;
    d.next = head;
    if (last != null) {
      last.next = d;
    }
    head.previous = d;
  }

  private static void unlink(Deadline d) {
    Deadline before = d.previous;
    Deadline after = d.next;
    if (before != null && after != null) {
      before.next = after;
      after.previous = before;
    }
    d.next = null;
    d.previous = null;
  }

  /** One deadline that can be armed again and again; belongs to one loop. */
  public static final class Deadline {
    private final Runnable expiry;
    private long due = NEVER;
    private @Nullable Deadline previous;
    private @Nullable Deadline next;

    /** Runs this when the time has come. */
    public Deadline(Runnable expiry) {
      this.expiry = expiry;
    }
  }
}
