package dev.runnel.testkit;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.HeaderNames;
import dev.runnel.io.Loop;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The body of a recorded request, whose pieces leave at the times they had. */
final class ReplayedUpload {
  private final Recording.Request request;
  private final RecordedBody recorded;
  private volatile @Nullable BodyWriter to;
  private long begun;
  private int next;
  private Loop.@Nullable Timer timer;
  private volatile boolean stopped;

  ReplayedUpload(Recording.Request request) {
    this.request = request;
    this.recorded = request.body();
  }

  Body body() {
    boolean declared = request.headers().contains(HeaderNames.TRANSFER_ENCODING);
    boolean nothing = recorded.pieces().isEmpty() && recorded.trailers().isEmpty();
    return nothing && !declared ? Body.EMPTY : new Timed();
  }

  /** The call is over; what was not sent is not sent any more. */
  void stop() {
    stopped = true;
    BodyWriter writer = to;
    if (writer != null) {
      writer.loop().execute(this::stopTimer);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private final class Timed implements Body.Producer {
    /** Told in the head if it was; a body that was not read to its end is shorter now. */
    @Override
    public long length() {
      boolean told = request.headers().contains(HeaderNames.CONTENT_LENGTH);
      return told ? recorded.kept() : -1;
    }

    @Override
    public void produce(BodyWriter writer) {
      to = writer;
      begun = writer.loop().nanoTime();
      send(writer);
    }
  }

  private void send(BodyWriter writer) {
    while (next < recorded.pieces().size()) {
      Piece piece = recorded.pieces().get(next);
      if (isLater(writer, piece.millis())) {
        return;
      }
      next++;
      if (!writer.write(piece.bytes())) {
        writer.onWritable(() -> goOn(writer));
        return;
      }
    }
    if (recorded.end() != End.COMPLETE || !isLater(writer, recorded.endMillis())) {
      writer.end(recorded.trailers());
    }
  }

  private boolean isLater(BodyWriter writer, long millis) {
    long wait = begun + millis * 1_000_000 - writer.loop().nanoTime();
    if (wait <= 0) {
      return false;
    }
    timer = writer.loop().schedule(() -> goOn(writer), Duration.ofNanos(wait));
    return true;
  }

  private void goOn(BodyWriter writer) {
    if (stopped) {
      return;
    }
    try {
      send(writer);
    } catch (RuntimeException e) {
      stopped = true; // the call is over: why, its answer says
    }
  }
}
