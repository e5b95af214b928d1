package dev.runnel.testkit;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/** Notes what is read. Nothing is asked for that the reader behind was not asked for. */
final class TappedReader implements BodyReader {
  private final BodyReader from;
  private final BodyCapture capture;

  TappedReader(BodyReader from, BodyCapture capture) {
    this.from = from;
    this.capture = capture;
  }

  @Override
  public @Nullable Bytes poll() {
    Bytes bytes = from.poll();
    if (bytes != null) {
      capture.add(bytes);
    }
    noteEnd();
    return bytes;
  }

  @Override
  public boolean ended() {
    return noteEnd();
  }

  private boolean noteEnd() {
    boolean ended = from.ended();
    if (ended && !capture.hasEnded()) {
      capture.trailers(from.trailers());
      capture.ended();
    }
    return ended;
  }

  @Override
  public void onReady(Runnable once) {
    from.onReady(once);
  }

  @Override
  public void cancel() {
    from.cancel();
  }

  @Override
  public Headers trailers() {
    return from.trailers();
  }

  @Override
  public long length() {
    return from.length();
  }

  @Override
  public Loop loop() {
    return from.loop();
  }

  /** The reader behind may know a better way across than the usual one. */
  @Override
  public BodyReader on(Loop other) {
    BodyReader crossed = from.on(other);
    return crossed == from ? this : new TappedReader(crossed, capture);
  }
}
