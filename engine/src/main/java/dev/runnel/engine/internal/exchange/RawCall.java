package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection or stream that was taken over: bytes both ways, with back-pressure, until both
 * halves are closed. The same for every version.
 */
public final class RawCall implements RawConnection {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");
  private static final int PIECE = 64 << 10;

  private final RawWire wire;
  private final Runnable leaving;
  private final Input input = new Input();
  private final Output output = new Output();
  private boolean closed;
  private CancelCause cause = CancelCause.CLIENT_GONE;

  /**
   * A call that goes on as bytes on this wire.
   *
   * @param leaving told when our half ends: what is still to be sent outlives a peer that leaves
   */
  public RawCall(RawWire wire, Runnable leaving) {
    this.wire = wire;
    this.leaving = leaving;
  }

  /** Hands it to its taker. */
  public void start(Consumer<RawConnection> taker) {
    guard(() -> taker.accept(this));
  }

  /** Bytes or the end came. */
  public void ready() {
    Runnable waiting = input.waker;
    if (waiting != null && (wire.hasInput() || wire.isInputEnded())) {
      input.waker = null;
      guard(waiting);
    }
    closeWhenBothEnded();
  }

  /** Few bytes are left unsent. */
  public void writable() {
    Runnable waiting = output.waker;
    output.waker = null;
    if (waiting != null) {
      guard(waiting);
    }
  }

  /** The wire is gone: whoever waits finds that out by asking again. */
  public void closed(CancelCause reason) {
    if (!closed) {
      cause = reason;
    }
    closed = true;
    Runnable reader = input.waker;
    input.waker = null;
    if (reader != null) {
      guard(reader);
    }
    writable();
  }

  private void guard(Runnable code) {
    try {
      code.run();
    } catch (CallCancelledException e) {
      close();
    } catch (Throwable e) {
      LOG.error("the taker of a connection failed, connection closed", e);
      abort();
    }
  }

  private void abort() {
    if (!closed) {
      closed = true;
      wire.abort();
    }
    wire.discard();
  }

  /** Not before all was taken: with the wire goes what it has received. */
  private void closeWhenBothEnded() {
    if (output.ended && input.ended()) {
      close();
    }
  }

  @Override
  public BodyReader input() {
    return input;
  }

  @Override
  public BodyWriter output() {
    return output;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      leaving.run();
      wire.close();
    }
    wire.discard();
  }

  @Override
  public void reset() {
    if (!closed) {
      closed = true;
      wire.reset();
    }
    wire.discard();
  }

  @Override
  public SocketAddress remoteAddress() {
    return wire.connection().remote();
  }

  private Loop ownLoop() {
    return wire.connection().loop();
  }

  private final class Input implements BodyReader {
    private @Nullable Runnable waker;

    @Override
    public @Nullable Bytes poll() {
      Bytes bytes = wire.take(PIECE);
      if (bytes == null && closed && !wire.isInputEnded()) {
        throw new CallCancelledException(cause);
      }
      closeWhenBothEnded(); // if these were the last
      return bytes;
    }

    @Override
    public boolean ended() {
      return !wire.hasInput() && wire.isInputEnded();
    }

    @Override
    public void onReady(Runnable once) {
      if (closed || wire.hasInput() || wire.isInputEnded()) {
        ownLoop().execute(() -> guard(once));
      } else {
        waker = once;
      }
    }

    @Override
    public Headers trailers() {
      return Headers.EMPTY;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public Loop loop() {
      return ownLoop();
    }
  }

  private final class Output implements BodyWriter {
    private @Nullable Runnable waker;
    private boolean ended;

    @Override
    public boolean write(Bytes bytes) {
      if (closed) {
        throw new CallCancelledException(cause);
      }
      if (ended) {
        throw new IllegalStateException("our half of the connection is closed");
      }
      wire.write(bytes);
      return wire.isWritable();
    }

    @Override
    public void commit() {
      // the head of the answer that gave the connection is sent
    }

    @Override
    public void onWritable(Runnable once) {
      if (closed || ended || wire.isWritable()) {
        ownLoop().execute(() -> guard(once));
      } else {
        waker = once;
      }
    }

    @Override
    public void end(Headers trailers) {
      if (!ended && !closed) {
        ended = true;
        leaving.run();
        wire.endOutput();
        closeWhenBothEnded();
      }
    }

    @Override
    public Loop loop() {
      return ownLoop();
    }
  }
}
