package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A body that arrives as the test says. It is touched on its loop only, as a real one. */
final class ScriptedReader implements BodyReader {
  private final TestLoop loop;
  private final ArrayDeque<Bytes> pieces = new ArrayDeque<>();
  private Headers trailers = Headers.EMPTY;
  private @Nullable Runnable waker;
  private @Nullable RuntimeException failure;
  private boolean complete;
  private boolean cancelled;
  private int polls;
  private long length = -1;

  ScriptedReader(TestLoop loop) {
    this.loop = loop;
  }

  /** A body that is all there, in these pieces. */
  static ScriptedReader of(TestLoop loop, Bytes... pieces) {
    ScriptedReader reader = new ScriptedReader(loop);
    for (Bytes piece : pieces) {
      reader.pieces.add(piece);
    }
    reader.complete = true;
    return reader;
  }

  ScriptedReader length(long declared) {
    length = declared;
    return this;
  }

  ScriptedReader give(Bytes piece) {
    pieces.add(piece);
    wake();
    return this;
  }

  ScriptedReader end() {
    return end(Headers.EMPTY);
  }

  ScriptedReader end(Headers section) {
    trailers = section;
    complete = true;
    wake();
    return this;
  }

  /** Breaks off behind what was given. */
  ScriptedReader fail(RuntimeException cause) {
    failure = cause;
    wake();
    return this;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** How often it was asked for bytes. */
  int polls() {
    return polls;
  }

  int unread() {
    return pieces.size();
  }

  private void wake() {
    Runnable waiting = waker;
    waker = null;
    if (waiting != null) {
      loop.execute(waiting);
    }
  }

  private void requireLoop() {
    if (!loop.inLoop()) {
      throw new AssertionError("a body is only touched on its loop");
    }
  }

  @Override
  public @Nullable Bytes poll() {
    requireLoop();
    polls++;
    if (cancelled) {
      throw new AssertionError("polled after it was cancelled");
    }
    Bytes next = pieces.poll();
    if (next == null && failure != null) {
      throw failure;
    }
    return next;
  }

  @Override
  public boolean ended() {
    return pieces.isEmpty() && complete && failure == null;
  }

  @Override
  public void onReady(Runnable once) {
    requireLoop();
    if (!pieces.isEmpty() || complete || failure != null) {
      loop.execute(once);
    } else {
      waker = once;
    }
  }

  @Override
  public void cancel() {
    requireLoop();
    if (!ended()) {
      cancelled = true;
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
    return loop;
  }
}
