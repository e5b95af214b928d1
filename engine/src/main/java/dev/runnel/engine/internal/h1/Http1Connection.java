package dev.runnel.engine.internal.h1;

import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.RawCall;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.exchange.ServerExchange;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.Parking;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.HttpError;
import dev.runnel.http.Problem;
import dev.runnel.http.Status;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection of the server: one call at a time, in order (RFC 9112 9). A step takes
 * what was received as far as it goes; it is a loop and never recurses, so that thousands of
 * pipelined requests in one buffer are no deeper than one. What belongs to the current call is in
 * {@link Http1Call}.
 */
public final class Http1Connection implements Machine, RawInput {
  /** How much of what is not asked for is taken in, so that a client that leaves is noticed. */
  private static final int PARKED = 16 << 10;

  /** How much of a body that nobody read is read away to keep the connection. */
  static final int SKIPPED = 64 << 10;

  /**
   * How much is discarded before a close; a client that sends more has had its chance to see the
   * answer.
   */
  private static final int LINGERED = 4 << 20;

  private enum Phase {
    /** Between two requests, or in the middle of a head. */
    HEAD,
    /** A call has the connection. */
    CALL,
    /** The rest of a body that nobody read is read away. */
    SKIP,
    /** Our half is closed; what still comes is discarded. */
    LINGER,
    /** HTTP is over, the connection was taken over. */
    RAW,
    CLOSED
  }

  private final SocketLink link;
  private final ServerConnection caller;
  private final Http1Loop shared;
  private final HeadReader<RequestHead> heads;
  private final Limits limits;
  private final Timeouts timeouts;
  private Phase phase = Phase.HEAD;
  private final Parking parking = new Parking();
  private @Nullable Http1Call call;
  private @Nullable RawCall raw;
  private long discarded;
  private int requests;
  private boolean inputEnded;
  private boolean draining;
  private boolean flushing;
  private CancelCause cancelledFor = CancelCause.CLIENT_GONE;
  private boolean stepping;
  private boolean again;

  /** A connection that was just accepted. */
  public Http1Connection(SocketLink link, ServerConnection caller, Http1Loop shared) {
    this.link = link;
    this.caller = caller;
    this.shared = shared;
    this.limits = link.connection().endpoint().limits();
    this.timeouts = link.connection().endpoint().timeouts();
    this.heads = new HeadReader<>(shared.parser, link.scratch(), shared.recent);
  }

  // --- events of the link ---

  @Override
  public void opened() {
    armDeadline(timeouts.requestHead());
    link.idle(true);
    link.reading(true);
  }

  @Override
  public void received(ByteBuf in) {
    if (phase == Phase.CLOSED) {
      in.release();
    } else if (phase == Phase.LINGER) {
      discard(in);
    } else {
      if (phase == Phase.CALL) {
        link.noDeadline(); // the client is not silent; a next demand sets it anew
      }
      park(in);
      step();
    }
  }

  @Override
  public void inputEnded() {
    inputEnded = true;
    link.reading(false);
    switch (phase) {
      case HEAD, SKIP -> {
        if (goesOn()) {
          step();
        } else {
          shut();
        }
      }
      case LINGER -> shut();
      case CALL -> clientFin();
      case RAW -> rawCall().ready();
      case CLOSED -> {
        // nothing is left to be told
      }
    }
  }

  /**
   * SEMANTICS 2: a FIN cancels a handler that has not handed over its answer, unless it was told
   * otherwise.
   */
  private void clientFin() {
    Http1Call current = current();
    ServerExchange exchange = current.exchange();
    boolean continues = exchange.onClientFin() == ClientFin.CONTINUE && !current.bodyCutOff();
    if (!exchange.isHandedOver() && !continues) {
      exchange.cancel(CancelCause.CLIENT_GONE);
    }
  }

  /** Whether requests that came before a FIN are still to be answered. */
  private boolean goesOn() {
    boolean waiting = parking.size() > 0;
    return waiting && caller.server().options().onClientFin() == ClientFin.CONTINUE;
  }

  /** Whether the client can send nothing that would be answered behind this call. */
  boolean endsWithCall() {
    return inputEnded && !goesOn();
  }

  @Override
  public void writable() {
    if (phase == Phase.RAW) {
      rawCall().writable();
    } else if (call != null) {
      call.exchange().writable();
    } else {
      step();
    }
  }

  @Override
  public void timedOut() {
    switch (phase) {
      case HEAD -> {
        if (heads.isPartial()) {
          refuse(Status.REQUEST_TIMEOUT, "no whole request head within " + timeouts.requestHead());
        } else {
          shut();
        }
      }
      case CALL ->
          current()
              .bodyStalled(new HttpError(408, "no byte of the body for " + timeouts.bodyStall()));
      case SKIP -> link.closeNow();
      case LINGER -> lingered();
      case RAW, CLOSED -> {
        // no deadline runs
      }
    }
  }

  @Override
  public void drain() {
    draining = true;
    if (call != null) {
      call.lastCall();
    }
    link.connection().stopping();
  }

  @Override
  public void closeIfIdle() {
    if (phase == Phase.HEAD && !heads.isPartial()) {
      shut();
    } else if (phase == Phase.SKIP) {
      linger(); // the rest was read away for a next request only
    }
  }

  @Override
  public void cancel(CancelCause cause) {
    cancelledFor = cause;
    if (call != null) {
      call.exchange().cancel(cause);
    }
    link.connection().cancelHeld(cause);
    link.closeNow();
  }

  @Override
  public void closed() {
    boolean inCall = phase == Phase.CALL;
    phase = Phase.CLOSED;
    heads.close();
    if (inCall) {
      current().exchange().cancel(CancelCause.CLIENT_GONE);
    }
    if (raw != null) {
      raw.closed(cancelledFor);
      link.connection().cancelHeld(CancelCause.CLIENT_GONE); // such a call is its connection
    }
    link.connection().closed();
    if (raw != null && inputEnded) {
      parking.unpool(); // its taker may yet read to the end, or never
    } else {
      parking.clear();
    }
  }

  // --- the step ---

  /** Goes as far as the received bytes allow. */
  void step() {
    if (stepping) {
      again = true;
      return;
    }
    stepping = true;
    try {
      do {
        again = false;
        advance();
      } while (again);
    } finally {
      stepping = false;
    }
    adjustReading();
  }

  private void advance() {
    switch (phase) {
      case HEAD -> nextRequest();
      case CALL -> advanceCall();
      case SKIP -> skipRest();
      case RAW -> rawCall().ready();
      case LINGER, CLOSED -> {
        // nothing goes on here
      }
    }
  }

  private void nextRequest() {
    ByteBuf in = parking.bytes();
    if (in == null || !in.isReadable() || !link.writable()) {
      return; // a peer that does not take its answers gets no more of them
    }
    boolean begun = heads.isPartial();
    RequestHead head;
    try {
      head = heads.next(in);
    } catch (RejectedException e) {
      refuse(Status.of(e.violation().status()), e.getMessage());
      return;
    }
    if (head != null) {
      begin(head);
    } else if (inputEnded) {
      shut();
    } else if (!begun) {
      link.idle(false);
      armDeadline(timeouts.requestHead());
    }
  }

  private void begin(RequestHead head) {
    requests++;
    link.idle(false);
    link.noDeadline();
    phase = Phase.CALL;
    boolean last =
        draining
            || (limits.requestsPerConnection() > 0 && requests >= limits.requestsPerConnection());
    Http1Call begun = new Http1Call(this, link, caller, shared.encoder, head, last);
    call = begun;
    begun.exchange().start();
    again = true;
  }

  private void advanceCall() {
    Http1Call current = current();
    if (!current.isAnswered()) {
      current.bytesCame();
      if (!current.isAnswered()) {
        return;
      }
    }
    call = null;
    again = true;
    if (current.taker() != null) {
      phase = Phase.RAW;
      heads.close();
      RawCall taken = new RawCall(new Http1Raw(this, link), current.exchange()::outliveClient);
      raw = taken;
      taken.start(current.taker());
    } else if (!current.keepsConnection() || endsWithCall()) {
      close(current);
    } else if (current.body().ended()) {
      idle();
    } else {
      call = current;
      phase = Phase.SKIP;
      discarded = 0;
      armDeadline(timeouts.bodyStall());
    }
  }

  private void close(Http1Call last) {
    boolean moreMayCome = !last.body().ended() || parking.size() > 0;
    if (moreMayCome) {
      linger();
    } else {
      shut();
    }
  }

  /** Closes when all that was written is sent; nothing that still comes is looked at. */
  private void shut() {
    abandon();
    link.closeAfterFlush();
  }

  /** The link is being closed: nothing goes on here. */
  void abandon() {
    phase = Phase.CLOSED;
    parking.clear();
    link.noDeadline();
    link.idle(false);
  }

  private void idle() {
    phase = Phase.HEAD;
    if (parking.size() == 0 && inputEnded) {
      shut();
    } else if (parking.size() == 0) {
      parking.clear();
      link.idle(true);
      armDeadline(timeouts.keepAliveIdle());
    }
  }

  private void skipRest() {
    ByteBuf in = parking.bytes();
    BodyFraming body = current().body();
    try {
      while (in != null && in.isReadable() && !body.ended() && discarded <= SKIPPED) {
        var piece = body.next(in);
        discarded += piece == null ? 0 : piece.length();
      }
    } catch (RejectedException e) {
      linger();
      return;
    }
    if (body.ended()) {
      call = null;
      idle();
      again = true;
    } else if (inputEnded) {
      shut();
    } else if (discarded > SKIPPED) {
      linger();
    }
  }

  /**
   * Closes our half and discards what comes, because closing with unread bytes sends a reset that
   * may destroy the answer before the client has read it (RFC 9112 9.6).
   */
  private void linger() {
    if (inputEnded) {
      shut(); // nothing comes any more
      return;
    }
    phase = Phase.LINGER;
    call = null;
    discarded = 0;
    parking.clear();
    link.idle(false);
    link.linger();
    link.reading(true);
    flushing = link.hasUnsent();
    armDeadline(timeouts.lingeringClose());
  }

  /**
   * The time is for what comes behind the answer. As long as the answer is on its way, how long the
   * client may take for it is the write stall's matter; then the time begins.
   */
  private void lingered() {
    boolean unsent = link.hasUnsent();
    if (unsent || flushing) {
      flushing = unsent;
      armDeadline(timeouts.lingeringClose());
    } else {
      link.closeNow();
    }
  }

  private void discard(ByteBuf in) {
    discarded += in.readableBytes();
    in.release();
    if (discarded > LINGERED) {
      link.closeNow();
    }
  }

  /** Answers bytes that are no request, and closes. */
  public void refuse(Status status, String reason) {
    caller.server().requestRejected(caller.remote(), status, reason);
    Http1Call.refuse(link, shared.encoder, Problem.of(status, reason).toResponse());
    linger();
  }

  // --- what was received and not yet used ---

  private void park(ByteBuf in) {
    heads.bufferChanged();
    parking.add(in);
  }

  @Override
  public @Nullable ByteBuf parked() {
    return parking.bytes();
  }

  @Override
  public boolean hasInputEnded() {
    return inputEnded;
  }

  boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  @Override
  public void adjustReading() {
    int waiting = parking.size();
    boolean wanted =
        switch (phase) {
          case HEAD -> link.writable() || waiting == 0;
          // One read stays armed while the handler runs: without it nobody notices that the client
          // left.
          case CALL, RAW -> waiting < PARKED;
          case SKIP, LINGER -> true;
          case CLOSED -> false;
        };
    link.reading(wanted && !inputEnded);
  }

  void armDeadline(Duration after) {
    link.deadline(after);
  }

  private Http1Call current() {
    if (call == null) {
      throw new IllegalStateException("no call in phase " + phase);
    }
    return call;
  }

  private RawCall rawCall() {
    if (raw == null) {
      throw new IllegalStateException("the connection was not taken over");
    }
    return raw;
  }
}
