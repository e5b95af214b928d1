package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.RawCall;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.exchange.ServerExchange;
import dev.runnel.engine.internal.exchange.Wire;
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
  private static final Loss STALLED = Loss.of(CancelCause.WRITE_STALLED, "no byte was taken");

  private final ServerConnection caller;
  private final ServerExchange exchange;
  private final Http2Head head;
  private Headers trailers = Headers.EMPTY;
  private boolean owesContinue;
  private boolean started;
  private boolean over;
  private @Nullable RawCall raw;
  private @Nullable Consumer<RawConnection> taker;

  /** A stream that the client opened. */
  ServerStream(
      int id, Http2Connection connection, ServerConnection caller, Http2Head head, boolean ended) {
    super(
        id,
        connection,
        ended ? StreamState.HALF_CLOSED_REMOTE : StreamState.OPEN,
        connection.peer().window,
        connection.firstReceiveWindow());
    this.caller = caller;
    this.head = head;
    expect(head.contentLength());
    this.exchange = new ServerExchange(caller, this, head);
  }

  /** A stream that we promised. */
  private ServerStream(
      int id, Http2Connection connection, ServerConnection caller, Http2Head head) {
    super(id, connection, StreamState.RESERVED_LOCAL, connection.peer().window, 0);
    this.caller = caller;
    this.head = head;
    this.exchange = new ServerExchange(caller, this, head);
  }

  void expectContinue(boolean expects) {
    owesContinue = expects;
  }

  void start() {
    started = true;
    exchange.start();
  }

  // --- what the stream is told ---

  @Override
  void headers(HeaderFields fields, boolean end) throws Http2Error {
    trailers = Trailers.of(id, fields, end);
    receivedEnd();
    inputCame();
  }

  @Override
  void inputCame() {
    if (raw != null) {
      raw.ready();
    } else if (over) {
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
    if (raw != null) {
      raw.writable();
    } else {
      exchange.writable();
    }
  }

  @Override
  void outputStalled() {
    lost(STALLED);
    if (state() != StreamState.CLOSED) { // the call was over, only its bytes were not
      connection.streams().resetQuietly(this, ErrorCode.CANCEL);
    }
  }

  @Override
  void endedOutput() {
    if (over && raw == null) {
      connection.streams().endEarly(this);
    }
  }

  @Override
  void lost(Loss loss) {
    if (!started) {
      return; // a promise that was taken back: there is no call yet that could be told
    }
    exchange.cancel(loss.cause());
    if (raw != null) {
      raw.closed(loss.cause());
    }
  }

  @Override
  boolean outlivesInput() {
    if (raw != null) {
      return false;
    }
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
    if (owesContinue && !exchange.isCommitted()) { // RFC 9113 8.1: none behind the final head
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
  public boolean push(String target, Headers headers) {
    if (state() == StreamState.RESERVED_LOCAL || !state().sends() || !connection.mayPush()) {
      return false;
    }
    Http2Head asked = new Http2Head(head, target, headers);
    ServerStream promised =
        new ServerStream(connection.streams().nextOwn(), connection, caller, asked);
    connection.streams().add(promised);
    ResponseHeads.promise(this, promised.id, asked);
    // Not nested in this call's code.
    connection.context().loop().execute(promised::startIfWanted);
    return true;
  }

  private void startIfWanted() {
    if (state() != StreamState.CLOSED) {
      start();
    }
  }

  @Override
  public void whole(ResponseHead answer, Bytes body, boolean headOnly) {
    boolean bare = answer.status().forbidsBody();
    long length = body.length();
    if (headOnly && length == 0) {
      // A handler of its own for HEAD may tell what GET would send.
      length = Math.max(0, declared(answer));
    }
    boolean nothing = headOnly || bare || body.isEmpty();
    over = true;
    ResponseHeads.write(this, answer, bare ? lengthOfBare(answer) : length, nothing);
    if (!nothing) {
      send(body, true);
    }
  }

  /** 304 may tell the length that 200 would have; 1xx and 204 must not (RFC 9110 8.6). */
  private static long lengthOfBare(ResponseHead answer) {
    return answer.status().code() == 304 ? declared(answer) : ResponseHeads.NO_LENGTH;
  }

  private static long declared(ResponseHead answer) {
    String text = answer.headers().get(HeaderNames.CONTENT_LENGTH);
    return text == null ? ResponseHeads.NO_LENGTH : Long.parseLong(text);
  }

  @Override
  public void head(ResponseHead answer, long length, boolean noBody) {
    long told = answer.status().forbidsBody() ? lengthOfBare(answer) : length;
    over |= noBody;
    ResponseHeads.write(this, answer, told, noBody);
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
    RawCall taken = raw;
    if (taken == null) {
      dropInput();
    } else if (taker != null) {
      taken.start(taker);
      taker = null;
    }
  }

  @Override
  public void abort(CancelReason reason) {
    if (state() != StreamState.CLOSED) {
      connection
          .streams()
          .resetQuietly(
              this, reason == CancelReason.FAILED ? ErrorCode.INTERNAL_ERROR : ErrorCode.CANCEL);
    }
  }

  @Override
  public void takeOver(ResponseHead answer, Consumer<RawConnection> connectionTaker) {
    // HTTP/2 has no 101: a 2xx answer to CONNECT hands the stream over (RFC 9113 8.5, RFC 8441 5).
    boolean switches = answer.status().code() == 101;
    ResponseHead sent = switches ? new ResponseHead(Status.OK, answer.headers()) : answer;
    ResponseHeads.write(this, sent, ResponseHeads.NO_LENGTH, false);
    taker = connectionTaker;
    raw = new RawCall(new RawStream(this, this::leaveRaw), exchange::outliveClient);
  }

  @Override
  boolean keepsInput() {
    return raw != null && hasReceivedEnd(); // its taker may yet read to the end
  }

  /** The taker wants no more. */
  private void leaveRaw() {
    over = true;
    raw = null;
    dropInput();
  }
}
