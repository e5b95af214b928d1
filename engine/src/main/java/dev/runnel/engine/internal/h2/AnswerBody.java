package dev.runnel.engine.internal.h2;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer. What is polled gives its room back to the server. A whole body that waits
 * here outlives its stream, and even the connection.
 */
final class AnswerBody implements BodyReader {
  private final ClientStream stream;
  private final long length;
  private Headers trailers = Headers.EMPTY;
  private @Nullable Runnable waker;
  private @Nullable ClientException failure;

  AnswerBody(ClientStream stream, long length) {
    this.stream = stream;
    this.length = length;
  }

  @Override
  public @Nullable Bytes poll() {
    stream.checkLoop();
    if (failure != null) {
      throw failure;
    }
    Bytes bytes = stream.takeInput();
    if (bytes == null && !stream.hasReceivedEnd()) {
      stream.awaitBody();
    }
    return bytes;
  }

  @Override
  public boolean ended() {
    return failure == null && stream.hasReceivedEnd() && !stream.hasInput();
  }

  @Override
  public void onReady(Runnable once) {
    stream.checkLoop();
    if (isReady()) {
      waker = null;
      loop().execute(() -> stream.guard(once));
    } else {
      waker = once;
    }
  }

  private boolean isReady() {
    return failure != null || stream.hasReceivedEnd() || stream.hasInput();
  }

  /** Whether somebody waits, and need not any more. */
  boolean isToWake() {
    return waker != null && isReady();
  }

  /** Wakes who waits. */
  void wake() {
    Runnable waiting = waker;
    if (waiting != null && isReady()) {
      waker = null;
      stream.guard(waiting);
    }
  }

  /** The rest does not come, or is not wanted; polling throws this from now on. */
  void fail(ClientException error) {
    if (failure == null && !ended()) {
      failure = error;
    }
  }

  boolean hasFailed() {
    return failure != null;
  }

  @Override
  public void cancel() {
    stream.checkLoop();
    if (failure == null && !ended()) {
      stream.cancel(
          new ClientException(Reason.CANCELLED, stream.name() + ": the body was given up"));
    }
  }

  void trailers(Headers section) {
    trailers = section;
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
    return stream.loop();
  }
}
