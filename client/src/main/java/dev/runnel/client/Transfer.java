package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Moves a body to the disk, on the body's loop. What was polled and is not written yet is little,
 * so that a slow disk slows the server down.
 */
final class Transfer {
  /** Four pieces as the wire gives them. */
  static final int AHEAD = 256 << 10;

  private static final int PIECES = 64;

  /** What becomes of it. */
  interface Outcome {
    /** Writes, on the disk's thread; what it throws ends the transfer. */
    void write(Bytes bytes) throws Exception;

    /** All is written. On the loop, once, or else {@link #failed}. */
    void done();

    /** It came to nothing. On the loop, once. */
    void failed(Throwable failure);
  }

  private final BodyReader from;
  private final Loop loop;
  private final DiskQueue disk;
  private final long expected;
  private final Outcome outcome;
  private long received;
  private int ahead;
  private int pieces;
  private @Nullable ProgressMeter meter;
  private boolean ended;
  private boolean over;

  /**
   * @param expected how many bytes are to come, or -1
   */
  Transfer(BodyReader from, DiskQueue disk, long expected, Outcome outcome) {
    this.from = from;
    this.loop = from.loop();
    this.disk = disk;
    this.expected = expected;
    this.outcome = outcome;
  }

  Loop loop() {
    return loop;
  }

  void start(@Nullable ProgressMeter counting) {
    meter = counting;
    pump();
  }

  private void pump() {
    if (over || ended) {
      return;
    }
    try {
      while (ahead < AHEAD && pieces < PIECES) {
        Bytes bytes = from.poll();
        if (bytes == null) {
          if (from.ended()) {
            end();
          } else {
            from.onReady(this::pump);
          }
          return;
        }
        received(bytes);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void received(Bytes bytes) {
    received += bytes.length();
    if (expected >= 0 && received > expected) {
      throw wrongLength("more than");
    }
    ahead += bytes.length();
    pieces++;
    disk.execute(() -> write(bytes));
  }

  private DownloadException wrongLength(String relation) {
    return new DownloadException(
        DownloadException.Reason.LENGTH,
        "the body has "
            + relation
            + " the "
            + expected
            + " bytes that were announced: "
            + received);
  }

  private void write(Bytes bytes) {
    try {
      outcome.write(bytes);
      loop.execute(() -> written(bytes.length()));
    } catch (Throwable e) {
      loop.execute(() -> fail(e));
    }
  }

  private void written(int count) {
    if (over) {
      return;
    }
    boolean waited = ahead >= AHEAD || pieces >= PIECES;
    ahead -= count;
    pieces--;
    try {
      if (meter != null) {
        meter.add(count);
      }
      if (ended && pieces == 0) {
        finish();
        return;
      }
    } catch (RuntimeException e) {
      fail(e); // the listener's
      return;
    }
    if (waited) {
      pump();
    }
  }

  private void end() {
    if (expected >= 0 && received < expected) {
      throw wrongLength("fewer than");
    }
    ended = true;
    if (pieces == 0) {
      finish();
    }
  }

  private void finish() {
    if (meter != null) {
      meter.end();
    }
    over = true;
    outcome.done();
  }

  private void fail(Throwable failure) {
    if (!over) {
      over = true;
      from.cancel();
      outcome.failed(failure);
    }
  }

  /** Nobody wants it any more; the outcome is not told. */
  void cancel() {
    if (!over) {
      over = true;
      from.cancel();
    }
  }
}
