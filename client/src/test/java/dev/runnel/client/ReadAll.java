package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads a body to its end, as a consumer that obeys the contract. */
final class ReadAll {
  private final BodyReader reader;
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private @Nullable Throwable failure;
  private boolean done;
  private int largest;

  private ReadAll(BodyReader reader) {
    this.reader = reader;
  }

  /** Starts reading; the loop has to run for it to go on. */
  static ReadAll start(TestLoop loop, BodyReader reader) {
    ReadAll drain = new ReadAll(reader);
    loop.on(drain::pump);
    return drain;
  }

  /** What a body that is all there reads as. */
  static byte[] all(TestLoop loop, BodyReader reader) {
    ReadAll drain = start(loop, reader);
    loop.run();
    if (drain.failure instanceof RuntimeException failed) {
      throw failed;
    }
    if (!drain.done) {
      throw new AssertionError("the body neither ended nor failed");
    }
    return drain.bytes();
  }

  private void pump() {
    try {
      for (Bytes piece = reader.poll(); piece != null; piece = reader.poll()) {
        largest = Math.max(largest, piece.length());
        read.writeBytes(piece.toByteArray());
      }
      if (reader.ended()) {
        done = true;
      } else {
        reader.onReady(this::pump);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  byte[] bytes() {
    return read.toByteArray();
  }

  boolean isDone() {
    return done;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  int largestPiece() {
    return largest;
  }
}
