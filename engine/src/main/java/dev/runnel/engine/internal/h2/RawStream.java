package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.RawWire;
import dev.runnel.engine.internal.exchange.Wire;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import org.jspecify.annotations.Nullable;

/** A stream whose DATA is bytes of another protocol (RFC 9113 8.5, RFC 8441 5). */
final class RawStream implements RawWire {
  private final ServerStream stream;

  RawStream(ServerStream stream) {
    this.stream = stream;
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

  @Override
  public void close() {
    stream.closeRaw();
  }

  @Override
  public void reset() {
    stream.abort(Wire.CancelReason.GONE);
  }

  @Override
  public void abort() {
    stream.abortRaw();
  }
}
