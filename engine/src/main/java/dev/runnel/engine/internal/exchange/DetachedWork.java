package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Work of the server that belongs to no call. Counted by a drain, cancelled at its deadline. Safe
 * from any thread.
 */
public final class DetachedWork {
  private final Map<Object, Runnable> running = new LinkedHashMap<>();
  private int finished;
  private boolean closed;

  synchronized Exchange.Hold begin(Runnable cancel) {
    if (closed) {
      throw new IllegalStateException("the server has stopped: no detached work is taken any more");
    }
    Object key = new Object();
    running.put(key, cancel);
    return () -> end(key);
  }

  private synchronized void end(Object key) {
    if (running.remove(key) != null) {
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

  /** Takes no more, and cancels what runs. */
  public int cancelAll() {
    List<Runnable> cancels;
    synchronized (this) {
      closed = true;
      cancels = new ArrayList<>(running.values());
    }
    cancels.forEach(Runnable::run);
    return cancels.size();
  }
}
