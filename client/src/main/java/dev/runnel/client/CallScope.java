package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a user's, with all that is sent for it: what can be cancelled, and the time it may
 * take. Safe from any thread.
 */
final class CallScope {
  static final Request.Key<CallScope> KEY = Request.Key.of("call scope");

  private final Loop loop;
  private final List<Consumer<ClientException>> work = new ArrayList<>(1);
  private @Nullable ClientException cancelled;
  private Loop.@Nullable Timer deadline;
  private boolean answered;

  /** A call that prefers this loop. */
  CallScope(Loop loop) {
    this.loop = loop;
  }

  static CallScope of(Request request) {
    CallScope scope = request.attribute(KEY);
    if (scope == null) {
      throw new IllegalStateException("a filter passed a request on that is not the call's");
    }
    return scope;
  }

  Loop loop() {
    return loop;
  }

  /** From now on it may take so long; ZERO is for ever. */
  void limit(Duration time) {
    if (!time.isZero()) {
      String message = "the call took longer than " + time;
      Loop.Timer timer =
          loop.schedule(() -> cancel(new ClientException(Reason.CALL_TIMEOUT, message)), time);
      synchronized (this) {
        deadline = timer;
      }
    }
  }

  /** Something is done for the call, which knows how to stop; false if it is cancelled already. */
  synchronized boolean begin(Consumer<ClientException> stop) {
    if (cancelled != null) {
      return false;
    }
    work.add(stop);
    return true;
  }

  /** That is over. */
  void end(Consumer<ClientException> stop) {
    Loop.Timer timer;
    synchronized (this) {
      work.remove(stop);
      timer = isOver() ? deadline : null;
    }
    if (timer != null) {
      timer.cancel();
    }
  }

  /**
   * The user has the answer, or the error.
   *
   * @param leftHttp whether the answer is a connection that speaks another protocol now: how long
   *     that may take is no question of the call's
   */
  void answered(boolean leftHttp) {
    Loop.Timer timer;
    synchronized (this) {
      answered = true;
      timer = leftHttp || isOver() ? deadline : null;
    }
    if (timer != null) {
      timer.cancel();
    }
  }

  private boolean isOver() {
    return answered && work.isEmpty();
  }

  /** Stops all that is done for the call. */
  void cancel(ClientException why) {
    List<Consumer<ClientException>> stopped;
    synchronized (this) {
      if (cancelled != null) {
        return;
      }
      cancelled = why;
      stopped = new ArrayList<>(work);
    }
    stopped.forEach(stop -> stop.accept(why));
  }

  /** Why it was cancelled, or null. */
  synchronized @Nullable ClientException cancelled() {
    return cancelled;
  }
}
