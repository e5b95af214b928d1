package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends bodies one behind the other as one, each of the length it announced. */
final class SegmentSender {
  private final List<Body> segments;
  private final BodyWriter to;
  private int next;
  private boolean stepping;
  private boolean again;
  private boolean over;

  SegmentSender(List<Body> segments, BodyWriter to) {
    this.segments = segments;
    this.to = to;
  }

  /** A segment that is written at once comes back to here: a loop, so that many do not recurse. */
  void advance() {
    again = true;
    if (stepping) {
      return;
    }
    stepping = true;
    while (again && !over) {
      again = false;
      step();
    }
    stepping = false;
  }

  private void step() {
    if (next == segments.size()) {
      over = true;
      end();
      return;
    }
    Body segment = segments.get(next++);
    Measured part = new Measured(segment.length());
    BodySender.send(segment, part, failure -> finished(part, failure));
  }

  private void end() {
    try {
      to.end();
    } catch (RuntimeException e) {
      BodySender.fail(to, e); // we may stand on nobody's stack
    }
  }

  private void finished(Measured part, @Nullable Throwable failure) {
    if (over) {
      return; // a producer that fails after it ended or failed
    }
    Throwable wrong = failure != null ? failure : part.shortfall();
    if (wrong == null) {
      advance();
      return;
    }
    over = true;
    segments.subList(next, segments.size()).forEach(Body::discard);
    BodySender.fail(to, wrong);
  }

  /** Counts what a segment writes. */
  private final class Measured implements BodyWriter {
    private final long length;
    private long written;

    Measured(long length) {
      this.length = length;
    }

    @Nullable Throwable shortfall() {
      return length < 0 || written == length
          ? null
          : new IllegalStateException(
              "a part ended after " + written + " of the " + length + " bytes it announced");
    }

    @Override
    public boolean write(Bytes bytes) {
      written += bytes.length();
      if (length >= 0 && written > length) {
        throw new IllegalStateException(
            "a part is longer than the " + length + " bytes it announced");
      }
      return to.write(bytes);
    }

    @Override
    public void commit() {
      to.commit();
    }

    @Override
    public void onWritable(Runnable once) {
      to.onWritable(once);
    }

    @Override
    public void end(Headers trailers) {
      throw new AssertionError("parts end by their sender");
    }

    @Override
    public Loop loop() {
      return to.loop();
    }
  }
}
