package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.ServerExchange;
import dev.runnel.engine.internal.exchange.Wire;
import dev.runnel.engine.internal.syntax.TrailerFields;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What HTTP/2 does for one call: a stream that the client opened, or that we promised. */
final class ServerStream extends Http2Stream implements Wire {
  private final ServerExchange exchange;
  private Headers trailers = Headers.EMPTY;
  private boolean owesContinue;
  private boolean over;

  /** A stream that the client opened. */
  ServerStream(int id, Http2Connection connection, Http2Head head, boolean ended) {
    super(
        id,
        connection,
        ended ? StreamState.HALF_CLOSED_REMOTE : StreamState.OPEN,
        connection.peer().window,
        connection.firstReceiveWindow());
    expect(head.contentLength());
    this.exchange = new ServerExchange(connection.link().connection(), this, head);
  }

  void expectContinue(boolean expects) {
    owesContinue = expects;
  }

  void start() {
    exchange.start();
  }

  // --- what the stream is told ---

  @Override
  void headers(HeaderFields fields, boolean end) throws Http2Error {
    if (!end) {
      throw broken("a second header block that does not end the stream");
    }
    if (fields.flaw() != null || fields.hasPseudo()) {
      throw broken("malformed trailers");
    }
    for (int i = 0; i < fields.count(); i++) {
      if (TrailerFields.isForbidden(fields.name(i))) {
        throw broken("field " + fields.name(i) + " in the trailers");
      }
    }
    trailers = fields.count() == 0 ? Headers.EMPTY : fields.toBlock(null);
    receivedEnd();
    inputCame();
  }

  private Http2Error broken(String message) {
    return Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, message);
  }

  @Override
  void inputCame() {
    if (over) {
      dropInput(); // the answer is still on its way, but nobody reads any more
    } else if (exchange.awaitsBody()) {
      exchange.inbound().ready();
    }
  }

  @Override
  void inputStalled() {
    exchange
        .inbound()
        .fail(new HttpError(408, "no byte of the body for " + connection.timeouts().bodyStall()));
  }

  @Override
  void outputWritable() {
    exchange.writable();
  }

  @Override
  void outputStalled() {
    exchange.cancel(CancelCause.WRITE_STALLED);
    if (state() != StreamState.CLOSED) { // the call was over, only its bytes were not
      connection.resetQuietly(this, ErrorCode.CANCEL);
    }
  }

  @Override
  void endedOutput() {
    if (over) {
      connection.endEarly(this);
    }
  }

  @Override
  void lost(CancelCause cause) {
    exchange.cancel(cause);
  }

  @Override
  boolean outlivesInput() {
    boolean continues = exchange.onClientFin() == ClientFin.CONTINUE && !state().receives();
    return exchange.isHandedOver() || exchange.isOver() || continues;
  }

  // --- the request's body ---

  @Override
  public @Nullable Bytes readBody() {
    Bytes bytes = takeInput();
    if (bytes == null && state().receives()) {
      demand();
    }
    return bytes;
  }

  private void demand() {
    if (connection.hasInputEnded()) {
      exchange.cancel(CancelCause.CLIENT_GONE);
      throw new CallCancelledException(CancelCause.CLIENT_GONE);
    }
    if (owesContinue) {
      owesContinue = false;
      ResponseHeads.informational(this, Status.CONTINUE, Headers.EMPTY);
    }
    awaitInput(connection.timeouts().bodyStall());
  }

  @Override
  public boolean bodyReady() {
    return hasInput() || !state().receives();
  }

  @Override
  public boolean bodyEnded() {
    return isInputEnded();
  }

  @Override
  public Headers trailers() {
    return trailers;
  }

  // --- the answer ---

  @Override
  public void informational(Status status, Headers headers) {
    if (status.code() == 100) {
      owesContinue = false;
    }
    ResponseHeads.informational(this, status, headers);
  }

  @Override
  public void whole(ResponseHead head, Bytes body, boolean headOnly) {
    boolean bare = head.status().forbidsBody();
    long length = body.length();
    if (headOnly && length == 0) {
      // A handler of its own for HEAD may tell what GET would send.
      length = Math.max(0, declared(head));
    }
    boolean nothing = headOnly || bare || body.isEmpty();
    over = true;
    ResponseHeads.write(this, head, bare ? lengthOfBare(head) : length, nothing);
    if (!nothing) {
      send(body, true);
    }
  }

  /** 304 may tell the length that 200 would have; 1xx and 204 must not (RFC 9110 8.6). */
  private static long lengthOfBare(ResponseHead head) {
    return head.status().code() == 304 ? declared(head) : ResponseHeads.NO_LENGTH;
  }

  private static long declared(ResponseHead head) {
    String text = head.headers().get(HeaderNames.CONTENT_LENGTH);
    return text == null ? ResponseHeads.NO_LENGTH : Long.parseLong(text);
  }

  @Override
  public void head(ResponseHead head, long length, boolean noBody) {
    long told = head.status().forbidsBody() ? lengthOfBare(head) : length;
    over |= noBody;
    ResponseHeads.write(this, head, told, noBody);
  }

  @Override
  public void data(Bytes bytes) {
    send(bytes, false);
  }

  @Override
  public boolean takesFiles() {
    return false; // a file has no frames in it
  }

  @Override
  public void file(FileChannel file, long position, int count, boolean last) {
    throw new UnsupportedOperationException("files are read on the way to HTTP/2");
  }

  @Override
  public boolean writable() {
    return isWritable();
  }

  @Override
  public void end(Headers last) {
    over = true;
    finish(last);
  }

  @Override
  public void over() {
    over = true;
    dropInput();
  }

  @Override
  public void abort(CancelReason reason) {
    if (state() != StreamState.CLOSED) {
      connection.resetQuietly(
          this, reason == CancelReason.FAILED ? ErrorCode.INTERNAL_ERROR : ErrorCode.CANCEL);
    }
  }

  @Override
  public void takeOver(ResponseHead head, Consumer<RawConnection> taker) {
    throw new UnsupportedOperationException("TODO");
  }
}
