package dev.runnel.engine.internal.h1;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.InboundBody;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.exchange.ServerExchange;
import dev.runnel.engine.internal.exchange.Wire;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP/1.1 does for one call: the framing of both bodies, and whether the connection lives on.
 */
final class Http1Call implements Wire {
  private static final String CONTENT_LENGTH = "Content-Length";

  private final Http1Connection connection;
  private final SocketLink link;
  private final ResponseEncoder encoder;
  private final RequestHead head;
  private final BodyFraming body;
  private final ServerExchange exchange;
  private @Nullable Consumer<RawConnection> taker;
  private boolean owesContinue;
  private boolean last;
  private boolean chunked;
  private boolean untilClose;
  private boolean answered;

  Http1Call(
      Http1Connection connection,
      SocketLink link,
      ServerConnection caller,
      ResponseEncoder encoder,
      RequestHead head,
      boolean last) {
    this.connection = connection;
    this.link = link;
    this.encoder = encoder;
    this.head = head;
    this.body = BodyFraming.of(head, link.connection().endpoint().limits());
    this.owesContinue = head.expectContinue();
    this.last = last || !head.persistent();
    this.exchange = new ServerExchange(caller, this, head);
  }

  ServerExchange exchange() {
    return exchange;
  }

  BodyFraming body() {
    return body;
  }

  @Nullable Consumer<RawConnection> taker() {
    return taker;
  }

  boolean isAnswered() {
    return answered;
  }

  /** After this call the connection closes. */
  void lastCall() {
    last = true;
  }

  boolean keepsConnection() {
    return !last && (body.ended() || canSkipRest());
  }

  // --- the request's body ---

  /** Bytes came while the call has the connection: who waits for them is told. */
  void bytesCame() {
    ByteBuf in = connection.parked();
    if (in != null && in.isReadable() && exchange.awaitsBody()) {
      link.noDeadline();
      inbound().ready();
    }
  }

  private InboundBody inbound() {
    return exchange.inbound();
  }

  @Override
  public @Nullable Bytes readBody() {
    if (body.ended()) {
      return null;
    }
    Bytes piece = takeParked();
    connection.adjustReading(); // there is room now, also for what tells that the client has left
    if (piece == null && !body.ended()) {
      demand();
    }
    return piece;
  }

  private @Nullable Bytes takeParked() {
    ByteBuf in = connection.parked();
    if (in == null || !in.isReadable()) {
      return null;
    }
    try {
      Bytes piece = body.next(in);
      if (piece == null && !body.ended() && in.isReadable()) {
        throw new IllegalStateException("the body's decoder left bytes that it needs");
      }
      return piece;
    } catch (RejectedException e) {
      last = true;
      throw new HttpError(e.violation().status(), e.getMessage());
    }
  }

  private void demand() {
    if (connection.hasInputEnded()) {
      exchange.cancel(CancelCause.CLIENT_GONE);
      throw new CallCancelledException(CancelCause.CLIENT_GONE);
    }
    if (owesContinue && !exchange.isCommitted()) { // behind the final head it would be content
      owesContinue = false;
      encoder.informational(link.out(), link.scratch(), Status.CONTINUE, Headers.EMPTY);
      link.wrote();
    }
    connection.armDeadline(link.connection().endpoint().timeouts().bodyStall());
  }

  @Override
  public boolean bodyReady() {
    ByteBuf in = connection.parked();
    return in != null && in.isReadable();
  }

  @Override
  public boolean bodyEnded() {
    return body.ended();
  }

  @Override
  public Headers trailers() {
    return body.trailers();
  }

  /** The client sent nothing for too long. */
  void bodyStalled(HttpError error) {
    last = true;
    inbound().fail(error);
  }

  /** Whether the client closed its half before its body was whole. */
  boolean bodyCutOff() {
    ByteBuf in = connection.parked();
    int waiting = in == null ? 0 : in.readableBytes();
    return !body.ended() && (body.knownRest() > waiting || exchange.awaitsBody());
  }

  /**
   * Whether what nobody read is little enough to read it away. A client that still waits for 100
   * may send it or not.
   */
  private boolean canSkipRest() {
    ByteBuf in = connection.parked();
    int waiting = in == null ? 0 : in.readableBytes();
    return !owesContinue
        && !body.isBroken()
        && body.knownRest() - waiting <= Http1Connection.SKIPPED;
  }

  // --- the answer ---

  @Override
  public void informational(Status status, Headers headers) {
    if (status.code() == 100) {
      owesContinue = false;
    }
    encoder.informational(link.out(), link.scratch(), status, headers);
    link.wrote();
  }

  @Override
  public void whole(ResponseHead answer, Bytes bytes, boolean headOnly) {
    boolean bare = answer.status().forbidsBody();
    long length = bytes.length();
    if (headOnly && length == 0) {
      // A handler of its own for HEAD may tell what GET would send.
      length = Math.max(0, declared(answer));
    }
    if (!body.ended() && !canSkipRest()) {
      last = true;
    }
    long told = bare ? lengthOfBare(answer) : length;
    Bytes sent = headOnly ? Bytes.EMPTY : bytes;
    encoder.whole(link.out(), link.scratch(), answer, sent, told, flags(answer), date());
    link.wrote();
  }

  /** 304 may tell the length that 200 would have; 1xx and 204 must not (RFC 9110 8.6). */
  private static long lengthOfBare(ResponseHead answer) {
    return answer.status().code() == 304 ? declared(answer) : ResponseEncoder.NO_LENGTH;
  }

  private static long declared(ResponseHead answer) {
    String text = answer.headers().get(CONTENT_LENGTH);
    return text == null ? ResponseEncoder.NO_LENGTH : Long.parseLong(text);
  }

  @Override
  public void head(ResponseHead answer, long length, boolean noBody) {
    int flags = 0;
    long told = answer.status().forbidsBody() ? lengthOfBare(answer) : length;
    if (length < 0 && !answer.status().forbidsBody()) {
      if (head.version() == Version.HTTP_1_0) {
        untilClose = !noBody;
        last |= untilClose;
      } else {
        flags = ResponseEncoder.CHUNKED;
        chunked = !noBody;
      }
    }
    encoder.head(link.out(), link.scratch(), answer, told, flags | flags(answer), date());
    link.wrote();
  }

  /** What the head of the answer says of the connection; decided here for good. */
  private int flags(ResponseHead answer) {
    last |= answer.headers().hasToken("Connection", "close") || connection.endsWithCall();
    if (last) {
      return ResponseEncoder.CLOSE;
    }
    return head.version() == Version.HTTP_1_0 ? ResponseEncoder.KEEP_ALIVE_1_0 : 0;
  }

  private byte[] date() {
    return link.connection().context().date();
  }

  @Override
  public void data(Bytes bytes) {
    ByteBuf out = link.out();
    if (chunked) {
      ResponseEncoder.chunkStart(out, bytes.length());
    }
    out.writeBytes(Bytes.Unsafe.array(bytes), Bytes.Unsafe.offset(bytes), bytes.length());
    if (chunked) {
      ResponseEncoder.chunkEnd(out);
    }
    link.wrote();
  }

  @Override
  public boolean takesFiles() {
    return link.takesFiles();
  }

  @Override
  public void file(FileChannel file, long position, int count, boolean lastSlice) {
    if (chunked) {
      ResponseEncoder.chunkStart(link.out(), count);
      link.wrote();
    }
    link.file(file, position, count, lastSlice);
    if (chunked) {
      ResponseEncoder.chunkEnd(link.out());
      link.wrote();
    }
  }

  @Override
  public boolean writable() {
    return link.writable();
  }

  @Override
  public void end(Headers trailers) {
    if (chunked) {
      ResponseEncoder.lastChunk(link.out(), trailers);
      link.wrote();
    }
  }

  @Override
  public void over() {
    answered = true;
    connection.step();
  }

  @Override
  public void takeOver(ResponseHead answer, Consumer<RawConnection> connectionTaker) {
    int flags = head.method().equals(Method.CONNECT) ? 0 : ResponseEncoder.UPGRADE;
    encoder.head(link.out(), link.scratch(), answer, ResponseEncoder.NO_LENGTH, flags, date());
    link.wrote();
    taker = connectionTaker;
  }

  @Override
  public void abort(CancelReason reason) {
    if (connection.isClosed()) {
      return;
    }
    connection.abandon();
    if (untilClose) {
      link.reset(); // a close would look like the end of the body
    } else if (reason == CancelReason.FAILED) {
      link.closeAfterFlush();
    } else {
      link.closeNow();
    }
  }

  /** Answers what is no request. */
  static void refuse(SocketLink link, ResponseEncoder encoder, Response response) {
    Bytes document = ((Body.Whole) response.body()).bytes();
    encoder.whole(
        link.out(),
        link.scratch(),
        new ResponseHead(response.status(), response.headers()),
        document,
        document.length(),
        ResponseEncoder.CLOSE,
        link.connection().context().date());
    link.wrote();
  }
}
