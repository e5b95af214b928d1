package dev.runnel.engine.internal.h2;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import org.jspecify.annotations.Nullable;

/** The body of a request as it is sent. What comes behind the call's end is dropped. */
final class RequestOutput implements BodyWriter {
  private final ClientStream stream;
  private final long length;
  private long written;
  private boolean ended;
  private @Nullable Runnable waker;

  /**
   * @param length as it was announced; -1 is unknown
   */
  RequestOutput(ClientStream stream, long length) {
    this.stream = stream;
    this.length = length;
    this.ended = length == 0;
  }

  @Override
  public boolean write(Bytes bytes) {
    stream.checkLoop();
    if (stream.dropsOutput()) {
      return true;
    }
    if (ended) {
      throw new IllegalStateException(
          length == 0
              ? "no body was announced: say its length, or -1, in the head of the call"
              : "the body has ended: no more bytes can follow");
    }
    if (length >= 0 && written + bytes.length() > length) {
      throw new IllegalStateException(
          "the body is longer than its announced length of " + length + " bytes");
    }
    written += bytes.length();
    if (!bytes.isEmpty()) {
      stream.send(bytes, false);
    }
    return stream.isWritable();
  }

  @Override
  public void commit() {
    // the head was sent when the call began
  }

  @Override
  public void onWritable(Runnable once) {
    stream.checkLoop();
    if (ended || stream.dropsOutput() || stream.isWritable()) {
      waker = null;
      loop().execute(() -> stream.guard(once));
    } else {
      waker = once;
    }
  }

  /** Wakes who waits. */
  void wake() {
    Runnable waiting = waker;
    if (waiting != null) {
      waker = null;
      stream.guard(waiting);
    }
  }

  @Override
  public void end(Headers trailers) {
    stream.checkLoop();
    if (stream.dropsOutput()) {
      return;
    }
    if (ended) {
      throw new IllegalStateException("the body has ended already");
    }
    if (length >= 0 && written < length) {
      String tooShort =
          "the body ended after " + written + " of its announced " + length + " bytes";
      stream.cancel(new ClientException(Reason.REQUEST_BODY, stream.name() + ": " + tooShort));
      throw new IllegalStateException(tooShort);
    }
    ended = true;
    stream.finish(trailers);
  }

  @Override
  public Loop loop() {
    return stream.loop();
  }
}
