package dev.runnel.engine.internal.direct;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The body of an answer between the machine that writes it and the test that reads it. */
final class Answer implements BodyReader {
  /** What HTTP/1.1 and HTTP/2 hold for a slow peer as well. */
  private static final int MOST = 64 << 10;

  private final DirectCall call;
  private final long length;
  private final Deque<Bytes> queue = new ArrayDeque<>();
  private Headers trailers = Headers.EMPTY;
  private @Nullable Runnable waker;
  private @Nullable RuntimeException failure;
  private int queued;
  private boolean complete;
  private boolean cancelled;

  Answer(DirectCall call, long length) {
    this.call = call;
    this.length = length;
  }

  // --- the machine's end ---

  void add(Bytes bytes) {
    if (!cancelled) {
      queue.add(bytes);
      queued += bytes.length();
      wake();
    }
  }

  void end(Headers last) {
    complete = true;
    trailers = last;
    wake();
  }

  void fail(RuntimeException cause) {
    if (!complete && failure == null) {
      failure = cause;
      wake();
    }
  }

  boolean isWritable() {
    return queued < MOST;
  }

  boolean isAwaited() {
    return waker != null;
  }

  private void wake() {
    Runnable waiting = waker;
    waker = null;
    if (waiting != null) {
      loop().execute(waiting);
    }
  }

  // --- the test's end ---

  @Override
  public @Nullable Bytes poll() {
    checkLoop();
    Bytes next = queue.poll();
    if (next == null) {
      if (failure != null) {
        throw failure;
      }
      return null;
    }
    boolean held = !isWritable();
    queued -= next.length();
    if (held && isWritable()) {
      loop().execute(call::drained);
    }
    return next;
  }

  @Override
  public boolean ended() {
    return complete && queue.isEmpty();
  }

  @Override
  public void onReady(Runnable once) {
    checkLoop();
    if (!queue.isEmpty() || complete || failure != null) {
      loop().execute(once);
    } else {
      waker = once;
    }
  }

  @Override
  public void cancel() {
    checkLoop();
    if (!ended() && !cancelled) {
      cancelled = true;
      queue.clear();
      queued = 0;
      call.giveUp();
    }
  }

  private void checkLoop() {
    if (!loop().inLoop()) {
      throw new IllegalStateException(
          "the body of " + call + " is read on its loop: use content().home().execute(…)");
    }
  }

  @Override
  public Headers trailers() {
    return ended() ? trailers : Headers.EMPTY;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Loop loop() {
    return call.loop();
  }

  /** This as the body of a response: opened once, or given up. */
  Body.Source toBody() {
    return new Once();
  }

  private final class Once implements Body.Source {
    private boolean taken;

    @Override
    public long length() {
      return length;
    }

    @Override
    public Loop home() {
      return loop();
    }

    @Override
    public BodyReader open() {
      if (!take()) {
        throw new IllegalStateException(
            "the body of the answer to " + call + " was read or discarded before");
      }
      return Answer.this;
    }

    @Override
    public void discard() {
      if (take()) {
        loop().execute(Answer.this::cancel);
      }
    }

    private synchronized boolean take() {
      boolean first = !taken;
      taken = true;
      return first;
    }
  }
}
