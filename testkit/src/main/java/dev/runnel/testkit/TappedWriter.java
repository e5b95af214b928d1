package dev.runnel.testkit;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.OutputStream;

/** Notes what is written, once it was taken. */
final class TappedWriter implements BodyWriter {
  private final BodyWriter to;
  private final BodyCapture capture;

  TappedWriter(BodyWriter to, BodyCapture capture) {
    this.to = to;
    this.capture = capture;
  }

  @Override
  public boolean write(Bytes bytes) {
    boolean more = to.write(bytes);
    capture.add(bytes);
    return more;
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
    // Before the end: the call may be over, and its recording made, when it returns.
    capture.trailers(trailers);
    to.end(trailers);
  }

  /** What is gathered there comes to {@link #write} in the end. */
  @Override
  public OutputStream asOutputStream() {
    return BodyWriter.super.asOutputStream();
  }

  @Override
  public Loop loop() {
    return to.loop();
  }
}
