package dev.runnel.engine.internal.h1;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.exchange.RawCall;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.BodyWriter;
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

/**
 * One call of a client on its HTTP/1.1 connection: where its answer stands, and what its caller was
 * told. Over when the answer has ended and the request was sent, or given up.
 */
final class Http1ClientCall implements ClientCall {
  /** More informational heads than this are a flood; honest servers send a few. */
  static final int INFORMATIONAL = 32;

  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");

  private enum Phase {
    /** No final head yet. */
    HEAD,
    /** The body of the answer. */
    BODY,
    /** The answer has ended; the request perhaps not. */
    ANSWERED,
    /** HTTP is over, the connection was taken over. */
    RAW,
    /** It came to nothing. */
    FAILED
  }

  private final Http1Client connection;
  private final SocketLink link;
  private final CallHead head;
  private final CallEvents events;
  private final Http1Upload output;
  private Phase phase = Phase.HEAD;
  private @Nullable Http1Download answer;
  private @Nullable RawCall raw;
  private @Nullable ClientException failure;
  private boolean failureTold;
  private boolean over;
  private boolean persistent = true;
  private boolean answerBegun;
  private int informational;
  private long sentBefore;

  Http1ClientCall(Http1Client connection, SocketLink link, CallHead head, CallEvents events) {
    this.connection = connection;
    this.link = link;
    this.head = head;
    this.events = events;
    this.output = new Http1Upload(this, connection, link, head.bodyLength());
  }

  @Override
  public Loop loop() {
    return connection.loop();
  }

  // --- the request ---

  /** Writes the head; what the caller writes in the same turn leaves with it. */
  void send(RequestEncoder encoder) {
    sentBefore = link.sent();
    encoder.head(link.out(), link.scratch(), head);
    connection.wrote();
    persistent = !head.headers().hasToken("Connection", "close");
    if (!persistent) {
      connection.noMoreCalls();
    }
    if (output.isThrough()) {
      requestThrough();
    }
  }

  /** The connection takes no call. */
  void refuse(ClientException why) {
    over = true;
    connection
        .loop()
        .execute(
            () -> {
              guard(() -> events.failed(why));
              guard(events::ended);
            });
  }

  @Override
  public BodyWriter output() {
    return output;
  }

  @Override
  public void abandonOutput() {
    connection.requireLoop();
    if (!over && phase != Phase.FAILED && output.abandon()) {
      persistent = false;
      connection.noMoreCalls();
      requestThrough();
    }
  }

  /** Nothing more of the request follows: from now on the server has the time of a head. */
  void requestThrough() {
    if (phase == Phase.HEAD) {
      link.deadline(head.times().head());
    }
    connection.soon();
  }

  void writable() {
    if (phase == Phase.RAW) {
      rawCall().writable();
    } else {
      output.wake();
    }
  }

  // --- the answer ---

  boolean awaitsHead() {
    return phase == Phase.HEAD;
  }

  /** Bytes came: the server is not silent. */
  void bytesCame() {
    if (phase == Phase.HEAD && isUnsent()) {
      fail(
          new ClientException(
              Reason.MALFORMED_RESPONSE,
              where() + ": bytes came before the request was sent",
              true,
              null));
    } else if (answer != null) {
      answer.bytesCame();
    }
    answerBegun = true;
  }

  void advance() {
    switch (phase) {
      case HEAD -> readHead();
      case BODY -> body().wakeIfReady();
      case RAW -> advanceRaw();
      case ANSWERED -> leaveIfDeaf();
      case FAILED -> {
        // the connection finishes it
      }
    }
  }

  /** A server that has said all and left takes no more of the request. */
  private void leaveIfDeaf() {
    if (connection.isGone()) {
      output.abandon();
      connection.soon();
    }
  }

  private void readHead() {
    AnswerHead next;
    try {
      next = connection.nextHead();
    } catch (RejectedException e) {
      fail(malformed(e));
      return;
    }
    if (next == null) {
      if (connection.isDeaf()) {
        fail(lostInHead());
      }
      return;
    }
    connection.soon();
    if (next.code() == 101) {
      switched(next);
    } else if (next.head().status().isInformational()) {
      informational(next.head());
    } else if (head.method().equals(Method.CONNECT) && next.code() < 300) {
      takeOver(next.head());
    } else {
      answered(next);
    }
  }

  private void informational(ResponseHead interim) {
    if (++informational > INFORMATIONAL) {
      fail(
          error(
              Reason.MALFORMED_RESPONSE, "more than " + INFORMATIONAL + " informational answers"));
      return;
    }
    if (output.isThrough()) {
      link.deadline(head.times().head());
    }
    guard(() -> events.informational(interim));
  }

  private void answered(AnswerHead last) {
    Limits limits = link.connection().endpoint().limits();
    BodyFraming framing = last.framing(head.method(), limits);
    link.noDeadline();
    persistent &= last.persistent() && !framing.isUntilClose();
    if (!persistent) {
      connection.noMoreCalls();
    }
    Http1Download body = new Http1Download(this, connection, link, framing, head.times());
    answer = body;
    phase = framing.ended() ? Phase.ANSWERED : Phase.BODY;
    guard(() -> events.head(last.head(), body));
  }

  /** The body of the answer was read to its end. */
  void answerThrough() {
    if (phase == Phase.BODY) {
      phase = Phase.ANSWERED;
      link.noDeadline();
      connection.soon();
    }
  }

  /** 101 must be asked for, and must name one of the protocols that were (RFC 9110 7.8). */
  private void switched(AnswerHead answered) {
    String flaw = null;
    if (!RequestEncoder.asksUpgrade(head.headers())) {
      flaw = "101, although no other protocol was asked for";
    } else if (!output.isThrough()) {
      flaw = "101 before the request was whole";
    } else if (!answered.upgrade() || !isOffered(answered.head())) {
      flaw = "101 to a protocol that was not asked for";
    }
    if (flaw == null) {
      takeOver(answered.head());
    } else {
      fail(error(Reason.MALFORMED_RESPONSE, flaw));
    }
  }

  private boolean isOffered(ResponseHead answered) {
    for (String line : answered.headers().all("Upgrade")) {
      for (String protocol : line.split(",", -1)) {
        if (!head.headers().hasToken("Upgrade", protocol.strip())) {
          return false;
        }
      }
    }
    return true;
  }

  private void takeOver(ResponseHead answered) {
    phase = Phase.RAW;
    link.noDeadline();
    connection.noMoreCalls();
    RawCall taken = new RawCall(new Http1Raw(connection, link), () -> {});
    raw = taken;
    taken.start(rawConnection -> events.upgraded(answered, rawConnection));
  }

  private void advanceRaw() {
    if (!connection.isGone()) {
      rawCall().ready();
    } else if (!over) {
      over = true;
      connection.soon();
      rawCall().closed(CancelCause.CLIENT_GONE);
    }
  }

  // --- its end ---

  @Override
  public void cancel(ClientException why) {
    connection.requireLoop();
    fail(why);
  }

  /** Gives the call up and closes the connection; does nothing when it is through. */
  void fail(ClientException why) {
    if (over || isThrough()) {
      return;
    }
    if (phase == Phase.RAW) {
      connection.shut(true);
      return;
    }
    failure = why;
    phase = Phase.FAILED;
    output.abandon();
    connection.shut(true);
    connection.soon();
  }

  void timedOut() {
    if (phase == Phase.HEAD) {
      fail(error(Reason.HEAD_TIMEOUT, "no head of an answer " + within(head.times().head())));
    } else if (phase == Phase.BODY) {
      fail(error(Reason.BODY_TIMEOUT, "no byte of the body " + within(head.times().bodyStall())));
    }
  }

  private static String within(Duration limit) {
    return "within " + limit.toMillis() + " ms";
  }

  /** Why the call came to nothing, or null. */
  @Nullable ClientException failure() {
    return failure;
  }

  /** Whether nothing is left to be done for it but to say so. */
  boolean isThrough() {
    return switch (phase) {
      case FAILED -> true;
      case ANSWERED -> output.isThrough();
      case RAW -> over;
      case HEAD, BODY -> false;
    };
  }

  boolean isOver() {
    return over;
  }

  boolean isRaw() {
    return phase == Phase.RAW;
  }

  /** Whether the next call may use the connection. */
  boolean keepsConnection() {
    return phase == Phase.ANSWERED && persistent;
  }

  /** Whether what is still unsent of the request is of no use. */
  boolean isGivenUp() {
    return phase == Phase.FAILED || output.isAbandoned();
  }

  /** Tells a failure to whom it concerns, once; says whether it did. */
  boolean tellFailure() {
    ClientException error = failure;
    if (error == null || failureTold) {
      return false;
    }
    failureTold = true;
    if (answer == null) {
      guard(() -> events.failed(error));
    } else {
      answer.wake();
    }
    return true;
  }

  void tellEnded() {
    over = true;
    output.wake();
    guard(events::ended);
  }

  /** Runs code of the caller's; if it fails, so does the call, with its own error if it has one. */
  void guard(Runnable code) {
    try {
      code.run();
    } catch (ClientException e) {
      fail(e);
    } catch (Throwable e) {
      LOG.error("{}: the caller's code failed, the call is given up", where(), e);
      fail(new ClientException(Reason.CANCELLED, where() + ": the caller's code failed", false, e));
    }
  }

  // --- what is said about it ---

  /** Names the call, without the query, which may be secret. */
  String where() {
    String target = head.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    boolean whole = !path.startsWith("/");
    return head.method() + " " + (whole ? path : head.scheme() + "://" + head.authority() + path);
  }

  ClientException error(Reason reason, String what) {
    return new ClientException(reason, where() + ": " + what, isUnsent(), null);
  }

  ClientException malformed(RejectedException broken) {
    boolean large = broken.violation().isTooLarge();
    return new ClientException(
        large ? Reason.TOO_LARGE : Reason.MALFORMED_RESPONSE,
        where() + ": the answer breaks a rule: " + broken.getMessage());
  }

  private ClientException lostInHead() {
    String when =
        answerBegun
            ? "before the head of an answer was whole"
            : "before any byte of an answer"; // a pool may have used a connection that was stale
    return lost("the connection closed " + when);
  }

  /** An error of the connection's, with what broke it where that is known. */
  ClientException lost(String what) {
    LinkLoss loss = link.loss();
    return loss == null
        ? error(Reason.CONNECTION_LOST, what)
        : new ClientException(
            loss.reason(), where() + ": " + what + ": " + loss.words(), isUnsent(), loss.cause());
  }

  /** Whether no byte of the request can have reached the server. */
  private boolean isUnsent() {
    return link.sent() <= sentBefore;
  }

  private Http1Download body() {
    if (answer == null) {
      throw new IllegalStateException("no answer in phase " + phase);
    }
    return answer;
  }

  private RawCall rawCall() {
    if (raw == null) {
      throw new IllegalStateException("the connection was not taken over");
    }
    return raw;
  }
}
