package dev.runnel.sse;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/** The body of a stream, which knows when it was begun and when it was last written to. */
final class EventWriter implements BodyWriter {
  private final BodyWriter out;
  private final @Nullable EventGzip gzip;
  private @Nullable Runnable begun;
  private boolean sealed;
  private long lastWrite;

  /**
   * @param gzip what codes the stream, or null
   * @param begun runs once, when the head was sent
   */
  EventWriter(BodyWriter out, @Nullable EventGzip gzip, Runnable begun) {
    this.out = out;
    this.gzip = gzip;
    this.begun = begun;
    this.lastWrite = out.loop().nanoTime();
  }

  /** When bytes were last written, by the loop's clock. */
  long lastWrite() {
    return lastWrite;
  }

  @Override
  public boolean write(Bytes bytes) {
    boolean room = out.write(gzip == null || bytes.isEmpty() ? bytes : gzip.next(bytes));
    wrote();
    return room;
  }

  /** Writes what a coding has to say behind the last event; to be called before the end. */
  void seal() {
    if (gzip != null && !sealed) {
      sealed = true;
      boolean unused = out.write(gzip.last());
      wrote();
    }
  }

  /** The stream is over, and nothing more is written. */
  void close() {
    sealed = true;
    if (gzip != null) {
      gzip.close();
    }
  }

  @Override
  public void commit() {
    if (begun != null) {
      out.commit();
      wrote();
    }
  }

  private void wrote() {
    lastWrite = loop().nanoTime();
    Runnable first = begun;
    if (first != null) {
      begun = null;
      first.run();
    }
  }

  @Override
  public void onWritable(Runnable once) {
    out.onWritable(once);
  }

  @Override
  public void end(Headers trailers) {
    seal();
    out.end(trailers);
  }

  @Override
  public Loop loop() {
    return out.loop();
  }
}
