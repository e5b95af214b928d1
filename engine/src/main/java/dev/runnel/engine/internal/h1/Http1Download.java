package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The body of an answer: pulled, and read from the server only as far as it is. */
final class Http1Download implements BodyReader {
  private final Http1ClientCall call;
  private final Http1Client connection;
  private final SocketLink link;
  private final BodyFraming framing;
  private final CallHead.Times times;
  private final long length;
  private long received;
  // Kept here: once the call is over the connection serves another.
  private boolean ended;
  private boolean awaited;
  private @Nullable Runnable waker;

  Http1Download(
      Http1ClientCall call,
      Http1Client connection,
      SocketLink link,
      BodyFraming framing,
      CallHead.Times times) {
    this.call = call;
    this.connection = connection;
    this.link = link;
    this.framing = framing;
    this.times = times;
    this.length = framing.declaredRest();
    this.ended = framing.ended();
  }

  @Override
  public @Nullable Bytes poll() {
    connection.requireLoop();
    if (ended) {
      return null;
    }
    ClientException failure = call.failure();
    if (failure != null) {
      throw failure;
    }
    Bytes piece = take();
    if (piece != null) {
      received += piece.length();
    }
    if (framing.ended()) {
      ended = true;
      call.answerThrough();
    } else if (piece == null) {
      demand();
    }
    connection.adjustReading();
    return piece;
  }

  private @Nullable Bytes take() {
    ByteBuf in = connection.parked();
    try {
      if (in != null && in.isReadable()) {
        return framing.next(in);
      }
    } catch (RejectedException e) {
      throw failed(call.malformed(e));
    }
    if (connection.isDeaf()) {
      if (!framing.isUntilClose() || !connection.hasInputEnded() || !link.isInputWhole()) {
        throw failed(call.lost(cutOff()));
      }
      framing.connectionEnded();
    }
    return null;
  }

  private ClientException failed(ClientException error) {
    call.fail(error);
    return error;
  }

  private String cutOff() {
    String after = "the connection closed after " + received + " bytes of the body";
    if (framing.isUntilClose()) {
      return after + ", without saying that this is the whole";
    }
    return after + (length < 0 ? ", before the last chunk" : ", of " + length);
  }

  /** Somebody waits: from now on the server has the time of a stall. */
  private void demand() {
    if (!awaited) {
      awaited = true;
      link.deadline(times.bodyStall());
    }
  }

  void bytesCame() {
    if (awaited) {
      awaited = false;
      link.noDeadline();
    }
  }

  private boolean isReady() {
    return ended || call.failure() != null || connection.hasParked() || connection.isDeaf();
  }

  /** Wakes who waits, if polling will give something. */
  void wakeIfReady() {
    if (isReady()) {
      wake();
    }
  }

  void wake() {
    Runnable waiting = waker;
    waker = null;
    if (waiting != null) {
      call.guard(waiting);
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void onReady(Runnable once) {
    connection.requireLoop();
    if (isReady()) {
      waker = null;
      loop().execute(() -> call.guard(once));
    } else {
      waker = once;
    }
  }

  @Override
  public void cancel() {
    connection.requireLoop();
    if (!ended) {
      call.fail(call.error(Reason.CANCELLED, "the rest of the body is not wanted"));
    }
  }

  @Override
  public Headers trailers() {
    return ended ? framing.trailers() : Headers.EMPTY;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Loop loop() {
    return connection.loop();
  }
}
