package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.RawWire;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import org.jspecify.annotations.Nullable;

/** A stream whose DATA is bytes of another protocol (RFC 9113 8.5, RFC 8441 5). */
final class RawStream implements RawWire {
  private final Http2Stream stream;
  private final Runnable left;

  /**
   * @param left told when its taker wants no more: what came and what still comes is nobody's
   */
  RawStream(Http2Stream stream, Runnable left) {
    this.stream = stream;
    this.left = left;
  }

  @Override
  public ConnectionContext connection() {
    return stream.connection.link().connection();
  }

  @Override
  public boolean hasInput() {
    return stream.hasInput();
  }

  @Override
  public @Nullable Bytes take(int about) {
    return stream.takeInput(); // never more than a window
  }

  @Override
  public boolean isInputEnded() {
    return stream.hasReceivedEnd();
  }

  @Override
  public void write(Bytes bytes) {
    stream.send(bytes, false);
  }

  @Override
  public boolean isWritable() {
    return stream.isWritable();
  }

  @Override
  public void endOutput() {
    stream.finish(Headers.EMPTY);
  }

  /** What was written is sent; a peer that is still at it is told. */
  @Override
  public void close() {
    if (stream.state().sends()) {
      stream.finish(Headers.EMPTY);
    }
    if (stream.state().receives()) {
      left.run();
      if (!stream.state().sends()) {
        stream.connection.streams().resetQuietly(stream, ErrorCode.NO_ERROR);
      }
    }
  }

  @Override
  public void discard() {
    left.run();
  }

  @Override
  public void reset() {
    stop(ErrorCode.CANCEL);
  }

  /** The peer must not take what was written for a whole. */
  @Override
  public void abort() {
    stop(ErrorCode.INTERNAL_ERROR);
  }

  private void stop(ErrorCode code) {
    if (stream.state() != StreamState.CLOSED) {
      stream.connection.streams().resetQuietly(stream, code);
    }
  }
}
