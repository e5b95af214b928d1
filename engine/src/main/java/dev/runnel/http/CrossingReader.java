package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that arrives on one loop and is read on another: asked for in batches, one of them under
 * way while the one before is used. So at most {@link #AHEAD} bytes and one batch wait between the
 * loops, and a reader that stops asking stops the sender.
 */
final class CrossingReader implements BodyReader {
  /** Below so many bytes waiting here, the next batch is asked for. */
  private static final int AHEAD = 64 << 10;

  /** A batch is cut off behind so many bytes. */
  private static final int BATCH = 64 << 10;

  private final BodyReader from;
  private final Loop home;
  private final Loop here;
  private final long length;

  // Of the reading loop.
  private final Deque<Bytes> waiting = new ArrayDeque<>(2);
  private int waitingBytes;
  private boolean asked;
  private boolean ended;
  private boolean cancelled;
  private Headers trailers = Headers.EMPTY;
  private @Nullable RuntimeException failure;
  private @Nullable Runnable waker;

  CrossingReader(BodyReader from, Loop here) {
    this.from = from;
    this.home = from.loop();
    this.here = here;
    this.length = from.length();
  }

  /** What one look at the source gave. */
  private record Batch(
      List<Bytes> pieces, boolean last, Headers trailers, @Nullable RuntimeException failure) {}

  // --- on the reading loop ---

  @Override
  public @Nullable Bytes poll() {
    Bytes next = waiting.poll();
    if (next != null) {
      waitingBytes -= next.length();
    } else if (failure != null) {
      throw failure;
    }
    ask();
    return next;
  }

  private void ask() {
    if (!asked && !ended && !cancelled && failure == null && waitingBytes < AHEAD) {
      asked = true;
      home.execute(this::fetch);
    }
  }

  private void arrived(Batch batch) {
    asked = false;
    for (Bytes piece : batch.pieces) {
      waiting.add(piece);
      waitingBytes += piece.length();
    }
    ended = batch.last;
    trailers = batch.trailers;
    failure = batch.failure;
    Runnable waked = waker;
    waker = null;
    if (waked != null) {
      waked.run();
    }
  }

  @Override
  public boolean ended() {
    return ended && waiting.isEmpty() && failure == null;
  }

  @Override
  public void onReady(Runnable once) {
    if (!waiting.isEmpty() || ended || failure != null) {
      waker = null;
      here.execute(once);
    } else {
      waker = once;
      ask();
    }
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      waiting.clear();
      waitingBytes = 0;
      home.execute(from::cancel);
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
    return here;
  }

  // --- on the loop of the source ---

  private void fetch() {
    List<Bytes> pieces = new ArrayList<>(2);
    int bytes = 0;
    try {
      while (bytes < BATCH) {
        Bytes piece = from.poll();
        if (piece == null) {
          break;
        }
        pieces.add(piece);
        bytes += piece.length();
      }
      if (pieces.isEmpty() && !from.ended()) {
        from.onReady(this::fetch);
        return;
      }
      boolean last = from.ended();
      send(new Batch(pieces, last, last ? from.trailers() : Headers.EMPTY, null));
    } catch (RuntimeException e) {
      send(new Batch(pieces, false, Headers.EMPTY, e));
    }
  }

  private void send(Batch batch) {
    here.execute(() -> arrived(batch));
  }
}
