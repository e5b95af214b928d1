package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import dev.runnel.engine.internal.exchange.RawCall;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What HTTP/2 does for one call of a client: a stream that we opened, or that was promised. */
final class ClientStream extends Http2Stream implements ClientCall {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  /** Informational heads of one answer; more are a server that never comes to its point. */
  private static final int MOST_INFORMATIONAL = 32;

  private final CallHead head;
  private final CallNews news;
  private final RequestOutput output;
  private final @Nullable Deadline headLimit;
  private int informational;
  private boolean headCame;
  private boolean abandoned;
  private boolean rawLeft;
  private @Nullable AnswerBody body;
  private @Nullable RawCall raw;

  /** A stream that we open. */
  ClientStream(
      int id, Http2Connection connection, Http2Client client, CallHead head, CallEvents events) {
    this(id, connection, client, head, events, StreamState.OPEN);
  }

  /** A stream that the server promised, and that nobody took yet. */
  ClientStream(int id, Http2Connection connection, Http2Client client, CallHead head) {
    this(id, connection, client, head, null, StreamState.RESERVED_REMOTE);
  }

  private ClientStream(
      int id,
      Http2Connection connection,
      Http2Client client,
      CallHead head,
      @Nullable CallEvents events,
      StreamState state) {
    super(id, connection, state, connection.peer().window, connection.firstReceiveWindow());
    this.head = head;
    this.news = new CallNews(client, this, events);
    this.output = new RequestOutput(this, RequestHeads.asksForStream(head) ? 0 : head.bodyLength());
    this.headLimit = head.times().head().isZero() ? null : new Deadline(this::headLate);
    expectHead();
  }

  /** Sends the head. */
  void begin() {
    boolean open = head.hasBody() || RequestHeads.asksForStream(head);
    RequestHeads.write(this, head, !open);
    if (RequestHeads.asksForStream(head)) {
      awaitHead(); // nothing more is sent before it
    }
  }

  // --- the answer ---

  @Override
  void headers(HeaderFields fields, boolean end) throws Http2Error {
    receivedHeaders();
    if (headCame) {
      trailers(fields, end);
    } else if (fields.areTooMany()) {
      headersTooLarge();
    } else {
      ResponseHead came = AnswerHeads.of(id, fields, end);
      if (came.status().isInformational()) {
        informational(came);
      } else {
        answered(came, fields.contentLength(), end);
      }
    }
  }

  private void trailers(HeaderFields fields, boolean end) throws Http2Error {
    if (raw != null) {
      throw broken("HEADERS on a stream of another protocol"); // RFC 9113 8.5
    }
    if (fields.areTooMany()) {
      headersTooLarge();
      return;
    }
    Headers section = Trailers.of(id, fields, end);
    if (body != null) {
      body.trailers(section);
    }
    receivedEnd();
    inputCame();
  }

  @Override
  void headersTooLarge() {
    giveUp(
        Reason.TOO_LARGE,
        "the header section of the answer is larger than the limit of "
            + connection.link().connection().endpoint().limits().headerSection()
            + " bytes and "
            + connection.link().connection().endpoint().limits().headerFields()
            + " fields");
  }

  private void informational(ResponseHead came) throws Http2Error {
    informational++;
    if (informational > MOST_INFORMATIONAL) {
      throw broken("more than " + MOST_INFORMATIONAL + " informational heads");
    }
    if (!state().sends() || abandoned) {
      awaitHead(); // its time starts anew
    }
    news.informational(came);
  }

  private void answered(ResponseHead came, long declared, boolean end) throws Http2Error {
    boolean bare = head.method().equals(Method.HEAD) || came.status().forbidsBody();
    boolean switches = RequestHeads.asksForStream(head) && came.status().code() < 300;
    if (end && !bare && !switches && declared > 0) {
      throw broken("content-length of an answer without content");
    }
    headCame = true;
    forgetHeadLimit();
    if (switches) {
      expect(-1);
      RawCall taken = new RawCall(new RawStream(this, this::leaveRaw), () -> {});
      raw = taken;
      news.upgraded(came, taken);
    } else {
      expect(bare ? 0 : declared);
      AnswerBody content = new AnswerBody(this, bare || end ? 0 : declared);
      body = content;
      news.head(came, content);
      if (RequestHeads.asksForStream(head)) {
        finish(Headers.EMPTY); // there is nothing that it could carry
      }
    }
    if (end) {
      receivedEnd();
      inputCame();
    }
  }

  private Http2Error broken(String message) {
    return Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, "malformed answer: " + message);
  }

  @Override
  void inputCame() {
    if (rawLeft) {
      dropInput(); // the tunnel is closed, only not yet at the other end
    } else if (!headCame) {
      return; // nothing comes before it but what is an error
    } else {
      news.readable();
    }
    if (hasReceivedEnd() && abandoned && state() != StreamState.CLOSED) {
      connection.streams().endEarly(this);
    }
  }

  // --- the ends ---

  @Override
  void lost(Loss loss) {
    if (isWhole()) {
      return; // RFC 9113 8.1: what was sent behind a whole answer takes nothing of it back
    }
    fail(loss.error(name()), loss.cause());
  }

  private boolean isWhole() {
    return headCame && hasReceivedEnd() && raw == null;
  }

  @Override
  boolean keepsInput() {
    return raw != null
        ? hasReceivedEnd() && !rawLeft // the reset behind an end takes nothing of it back
        : isWhole() && body != null && !body.hasFailed();
  }

  private void fail(ClientException error, CancelCause cause) {
    if (raw != null) {
      news.rawEnded(cause);
    } else if (body != null) {
      body.fail(error);
      news.readable();
    } else {
      news.failed(error);
    }
  }

  @Override
  void left() {
    forgetHeadLimit();
    news.over();
  }

  @Override
  public void cancel(ClientException why) {
    checkLoop();
    fail(why, CancelCause.FAILED);
    if (state() != StreamState.CLOSED) {
      resetNow(ErrorCode.CANCEL);
    } else if (body != null && body.hasFailed()) {
      dropInput();
    }
  }

  /** A promise that nobody takes. */
  void refuse() {
    if (state() != StreamState.CLOSED) {
      resetNow(ErrorCode.CANCEL);
    }
    dropInput();
  }

  private void giveUp(Reason reason, String what) {
    if (state() == StreamState.CLOSED) {
      return;
    }
    if (!isWhole()) {
      fail(new ClientException(reason, name() + ": " + what), CancelCause.FAILED);
    }
    resetNow(ErrorCode.CANCEL);
  }

  private void resetNow(ErrorCode code) {
    if (state().receivesHeaders()) {
      connection.guard().resetSent(receiveWindow());
    }
    connection.streams().resetQuietly(this, code);
  }

  @Override
  boolean outlivesInput() {
    return false; // what the server has not sent by then it never sends
  }

  private void leaveRaw() {
    rawLeft = true;
    dropInput();
  }

  // --- the request's body ---

  @Override
  public RequestOutput output() {
    return output;
  }

  @Override
  public void abandonOutput() {
    checkLoop();
    if (abandoned || !state().sends()) {
      return;
    }
    abandoned = true;
    dropOutput();
    news.writable(); // who waits for room learns that what it writes is dropped
    if (hasReceivedEnd()) {
      resetNow(ErrorCode.NO_ERROR);
    } else if (!headCame) {
      awaitHead();
    }
  }

  /** Whether what is written reaches nobody. */
  boolean dropsOutput() {
    return abandoned || state() == StreamState.CLOSED;
  }

  @Override
  void endedOutput() {
    if (rawLeft) {
      connection.streams().endEarly(this);
    } else if (!headCame) {
      awaitHead();
    }
  }

  @Override
  void outputWritable() {
    news.writable();
  }

  // --- time ---

  private void awaitHead() {
    if (headLimit != null && !headCame) {
      Deadlines.arm(connection, headLimit, head.times().head());
    }
  }

  /** A promise is to be kept as a request is to be answered. */
  void awaitPromised() {
    awaitHead();
  }

  private void forgetHeadLimit() {
    Deadlines.remove(connection, headLimit);
  }

  private void headLate() {
    Duration limit = head.times().head();
    giveUp(Reason.HEAD_TIMEOUT, "no head of an answer within " + limit);
  }

  void awaitBody() {
    awaitInput(head.times().bodyStall());
  }

  @Override
  void inputStalled() {
    giveUp(Reason.BODY_TIMEOUT, "no byte of the body within " + head.times().bodyStall());
  }

  @Override
  void outputStalled() {
    Duration limit = connection.timeouts().writeStall();
    giveUp(Reason.WRITE_TIMEOUT, "the server took no byte of the request within " + limit);
  }

  // --- what its parts share ---

  CallHead head() {
    return head;
  }

  CallNews news() {
    return news;
  }

  @Override
  public Loop loop() {
    return connection.context().loop();
  }

  /** The call, for messages. */
  String name() {
    return RequestHeads.name(head);
  }

  void checkLoop() {
    if (!loop().inLoop()) {
      throw new IllegalStateException(
          "a call belongs to the loop of its connection, but was touched from "
              + Thread.currentThread().getName()
              + ": use loop().execute");
    }
  }

  /** Runs code of the user's, which must not take the connection down with it. */
  void guard(Runnable code) {
    try {
      code.run();
    } catch (ClientException e) {
      LOG.debug("{}: whoever was told of the call lets its failure pass", name(), e);
      cancel(e);
    } catch (Throwable e) {
      LOG.error("{}: code that was told of the call failed, the call is given up", name(), e);
      cancel(
          new ClientException(
              Reason.CANCELLED, name() + ": code that was told of it failed", false, e));
    }
  }
}
