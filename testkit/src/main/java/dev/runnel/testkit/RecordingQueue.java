package dev.runnel.testkit;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ServerContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be written, one after the other, in at most one place for blocking code. Bounded: a
 * slow disk costs recordings, never memory or calls.
 */
final class RecordingQueue {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.testkit");
  private static final int MOST_WAITING = 64;

  private final Deque<Entry> waiting = new ArrayDeque<>();
  private boolean writing;
  private boolean told;
  private int written;
  private int lost;

  /** What writes, and what keeps the server from stopping meanwhile. */
  private record Entry(Runnable write, Exchange.@Nullable Hold hold) {
    void release() {
      if (hold != null) {
        hold.release();
      }
    }
  }

  /** To be called on the loop of the call, which goes on at once. */
  void add(Runnable write, ServerContext server) {
    Entry entry = new Entry(write, hold(server));
    synchronized (this) {
      if (waiting.size() >= MOST_WAITING) {
        lose(entry, null);
        return;
      }
      waiting.add(entry);
      if (writing) {
        return;
      }
      writing = true;
    }
    try {
      Object unused = server.blocking().run(this::writeAll);
    } catch (RejectedExecutionException e) {
      loseAll(e);
    }
  }

  private static Exchange.@Nullable Hold hold(ServerContext server) {
    try {
      return server.detached(() -> {});
    } catch (IllegalStateException e) {
      return null; // the server has stopped, and waits for nothing
    }
  }

  private void writeAll() {
    for (Entry entry = next(); entry != null; entry = next()) {
      try {
        entry.write.run();
        synchronized (this) {
          written++;
        }
        entry.release();
      } catch (Throwable e) { // also an assertion of a test's sink: the next one shall be written
        lose(entry, e);
      }
    }
  }

  private synchronized @Nullable Entry next() {
    Entry next = waiting.poll();
    writing = next != null;
    return next;
  }

  private synchronized void loseAll(RejectedExecutionException why) {
    writing = false;
    for (Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
      lose(entry, why);
    }
  }

  private synchronized void lose(Entry entry, @Nullable Throwable why) {
    lost++;
    entry.release();
    if (!told) {
      told = true;
      LOG.warn(
          "an exchange was not recorded{}; further ones that are lost are only counted",
          why == null ? ": " + MOST_WAITING + " wait already" : "",
          why);
    }
  }

  synchronized int written() {
    return written;
  }

  synchronized int lost() {
    return lost;
  }
}
