package dev.runnel.sse;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/** The body of a stream, which knows when it was begun and when it was last written to. */
final class EventWriter implements BodyWriter {
  private final BodyWriter out;
  private @Nullable Runnable begun;
  private long lastWrite;

  /**
   * @param begun runs once, when the head was sent
   */
  EventWriter(BodyWriter out, Runnable begun) {
    this.out = out;
    this.begun = begun;
    this.lastWrite = out.loop().nanoTime();
  }

  /** When bytes were last written, by the loop's clock. */
  long lastWrite() {
    return lastWrite;
  }

  @Override
  public boolean write(Bytes bytes) {
    boolean room = out.write(bytes);
    wrote();
    return room;
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
    out.end(trailers);
  }

  @Override
  public Loop loop() {
    return out.loop();
  }
}
