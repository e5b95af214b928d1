package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The reading end of a request's body: pulls from the wire, keeps the limit, and wakes who waits.
 */
public final class InboundBody implements BodyReader {
  private final ServerExchange call;
  private final Wire wire;
  private final long length;
  private long received;
  // Kept here and not asked of the wire again: once the call is over the wire may serve another.
  private boolean ended;
  private Headers trailers = Headers.EMPTY;
  private @Nullable Runnable waker;
  private @Nullable RuntimeException failure;

  InboundBody(ServerExchange call, Wire wire, long length) {
    this.call = call;
    this.wire = wire;
    this.length = length;
    this.ended = length == 0;
  }

  @Override
  public @Nullable Bytes poll() {
    call.checkLoop();
    if (failure != null) {
      throw failure;
    }
    if (ended) {
      return null;
    }
    CallPolicy.refuseBeyond(call, length);
    Bytes bytes;
    try {
      bytes = wire.readBody();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
    if (wire.bodyEnded()) {
      ended = true;
      trailers = wire.trailers();
    }
    if (bytes != null) {
      received += bytes.length();
      CallPolicy.refuseBeyond(call, received);
    }
    return bytes;
  }

  @Override
  public boolean ended() {
    return ended && failure == null;
  }

  @Override
  public void onReady(Runnable once) {
    call.checkLoop();
    if (failure != null || ended || wire.bodyReady()) {
      waker = null;
      call.loop().execute(() -> call.guard(once));
    } else {
      waker = once;
    }
  }

  /** Called by the wire, as the last thing in its step, when polling will give something. */
  public void ready() {
    Runnable waiting = waker;
    if (waiting != null) {
      waker = null;
      call.guard(waiting);
    }
  }

  /** Whether somebody waits for bytes. */
  public boolean isAwaited() {
    return waker != null;
  }

  /** The rest will not come; polling throws this from now on. */
  public void fail(RuntimeException cause) {
    if (failure == null && !ended) {
      failure = cause;
      Runnable waiting = waker;
      waker = null;
      if (waiting != null) {
        call.loop().execute(() -> call.guard(waiting));
      }
    }
  }

  /** The call has ended: if the rest has not come, it will not. */
  void callOver() {
    if (failure == null && !ended) {
      fail(new IllegalStateException("the call is over: its body cannot be read any more"));
    }
  }

  /** Whose fault it is that the call failed with this: the client's, if it spoilt this body. */
  CancelCause blame(Throwable error) {
    if (error != failure || !(error instanceof HttpError spoilt)) {
      return CancelCause.FAILED;
    }
    boolean stalled = spoilt.status().equals(Status.REQUEST_TIMEOUT);
    return stalled ? CancelCause.BODY_STALLED : CancelCause.PROTOCOL_ERROR;
  }

  long received() {
    return received;
  }

  @Override
  public Headers trailers() {
    return trailers;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Loop loop() {
    return call.loop();
  }
}
