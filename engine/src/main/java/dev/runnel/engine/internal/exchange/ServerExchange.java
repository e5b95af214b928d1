package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CallSettings;
import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.LogContext;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.RouteMatch;
import dev.runnel.engine.ServerContext;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import dev.runnel.io.Loop;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One call on the server, whatever the version: where HTTP/1.1 and HTTP/2 meet. Never pooled,
 * because users may hold it for as long as they like.
 */
public final class ServerExchange implements Exchange {
  private final ServerConnection connection;
  private final Wire wire;
  private final ServerRequest request;
  private final long startedAt;
  private @Nullable Consumer<CancelCause> firstCancel; // further ones are among the listeners
  private @Nullable Listeners listeners;
  private ResponseState state = ResponseState.OPEN;
  private @Nullable InboundBody inbound;
  private @Nullable OutboundBody outbound;
  private @Nullable Supplier<Headers> responseTrailers;
  private @Nullable CancelCause cancelled;
  private @Nullable Throwable error;
  private @Nullable Outcome outcome;
  private boolean ended;
  private @Nullable CallPolicy policy;
  private int status;
  private long bytesSent;
  private int holds;
  private boolean kept;
  private boolean bodyTaken;
  private boolean handedOver;
  private boolean outlivesClient;

  // Chained by ServerConnection while the call is answered and held.
  @Nullable ServerExchange heldBefore;
  @Nullable ServerExchange heldAfter;

  /** A call that begins now. */
  public ServerExchange(ServerConnection connection, Wire wire, WireHead head) {
    this.connection = connection;
    this.wire = wire;
    this.request = new ServerRequest(this, head, connection.nextSequence());
    this.startedAt = connection.context().now();
  }

  /** Runs the handler. Called once, as the last thing in the wire's step. */
  public void start() {
    connection.context().callStarted();
    connection.server().requestStarted(request);
    // The call before this one may have answered just now, and its code still be on the stack.
    @Nullable Map<String, String> before = LogContext.install(null);
    try {
      connection.handler().handle(this);
    } catch (Throwable e) {
      fail(e);
    } finally {
      LogContext.restore(before);
    }
  }

  // --- what the handler sees ---

  @Override
  public Request request() {
    return request;
  }

  @Override
  public BodyReader body() {
    checkLoop();
    if (bodyTaken) {
      throw new IllegalStateException(
          "the body of this request was taken already: it can be read only once");
    }
    if (ended) {
      throw new IllegalStateException("the call is over: its body cannot be read any more");
    }
    bodyTaken = true;
    return inbound();
  }

  /** Whether somebody waits for bytes of the body. */
  public boolean awaitsBody() {
    return inbound != null && inbound.isAwaited();
  }

  /** The body, also for the wire, which feeds and fails it. */
  public InboundBody inbound() {
    InboundBody made = inbound;
    if (made == null) {
      made = new InboundBody(this, wire, request.head().bodyLength());
      inbound = made;
    }
    return made;
  }

  @Override
  public void informational(Status status, Headers headers) {
    checkLive();
    if (!status.isInformational() || status.code() == 101) {
      throw new IllegalArgumentException(
          "an informational status is within 100..199 and not 101, but this is " + status);
    }
    if (isCommitted()) {
      throw new IllegalStateException("informational answers come before the final one");
    }
    if (request.version() != Version.HTTP_1_0) {
      wire.informational(status, headers);
    }
  }

  @Override
  public boolean push(String target, Headers headers) {
    checkLive();
    if (!target.startsWith("/")) {
      throw new IllegalArgumentException("a pushed target starts with '/', but this is: " + target);
    }
    return wire.push(target, headers);
  }

  @Override
  public void respond(Response response) {
    checkLoop();
    if (cancelled != null) {
      Body.discard(response.body());
      return;
    }
    state = state.on(ResponseState.Event.ANSWER);
    responseTrailers = response.trailers();
    handedOver = Answers.isHandedOver(response.body());
    try {
      Answers.send(this, wire, response);
    } catch (Throwable e) {
      fail(e);
    }
  }

  @Override
  public BodyWriter respond(Status status, Headers headers) {
    checkLive();
    Answers.requireFinal(this, status);
    state = state.on(ResponseState.Event.ANSWER);
    OutboundBody body = stream(new ResponseHead(status, headers), Answers.declaredLength(headers));
    loop().execute(() -> guard(body::commitIfPending));
    return body;
  }

  /** The writer of a streamed answer whose head is still held back. */
  OutboundBody stream(ResponseHead head, long length) {
    boolean noBody = isHead() || head.status().forbidsBody();
    OutboundBody body = new OutboundBody(this, wire, head, length, noBody);
    outbound = body;
    return body;
  }

  @Override
  public void fail(Throwable thrown) {
    checkLoop();
    Throwable cause = Failures.unwrapped(thrown);
    if (cancelled != null) {
      Failures.logCancelled(cause, request);
    } else if (state.isOver()) {
      Failures.logLate(cause, request);
    } else if (isCommitted()) {
      error = cause;
      CancelCause reason = inbound == null ? CancelCause.FAILED : inbound.blame(cause);
      Failures.logAborted(cause, request, reason);
      abort(reason, Wire.CancelReason.FAILED);
    } else {
      error = cause;
      retract();
      respond(Failures.toResponse(cause, request, connection.server().devMode()));
    }
  }

  private void retract() {
    if (state == ResponseState.ANSWERED) {
      state = state.on(ResponseState.Event.RETRACT);
    }
    if (outbound != null) {
      outbound.retract();
      outbound = null;
    }
  }

  @Override
  public Loop loop() {
    return connection.loop();
  }

  @Override
  public void onHead(UnaryOperator<ResponseHead> edit) {
    checkLoop();
    listeners().onHead(edit);
  }

  @Override
  public void onCancel(Consumer<CancelCause> listener) {
    checkLoop();
    if (cancelled != null) {
      listener.accept(cancelled);
    } else if (firstCancel == null) {
      firstCancel = listener;
    } else {
      listeners().onCancel(listener);
    }
  }

  @Override
  public void onEnd(Consumer<Outcome> listener) {
    checkLoop();
    if (ended) {
      listener.accept(outcome());
    } else {
      listeners().onEnd(listener);
    }
  }

  private Listeners listeners() {
    Listeners made = listeners;
    if (made == null) {
      made = new Listeners();
      listeners = made;
    }
    return made;
  }

  @Override
  public void onStop(Runnable listener) {
    checkLoop();
    if (!ended || holds > 0) {
      connection.onStop(this, listener);
    }
  }

  @Override
  public @Nullable CancelCause cancelled() {
    return cancelled;
  }

  @Override
  public boolean isCommitted() {
    return status != 0;
  }

  @Override
  public Hold hold() {
    checkLoop();
    if (ended && holds == 0) {
      throw new IllegalStateException("the call is over: it cannot be held any more");
    }
    holds++;
    return new CallHold(this);
  }

  /** One hold was released; on the loop. */
  void released() {
    holds--;
    if (holds == 0 && kept) { // not so within the listeners of its end, behind which it is over
      kept = false;
      connection.forget(this);
      over();
    }
  }

  private void over() {
    connection.forgetStop(this);
    connection.context().callOver();
  }

  @Override
  public void matched(RouteMatch match) {
    request.matched(match);
  }

  @Override
  public CallSettings settings() {
    CallPolicy made = policy;
    if (made == null) {
      made = new CallPolicy(request, connection.server().options());
      policy = made;
    }
    return made;
  }

  @Override
  public ServerContext server() {
    return connection.server();
  }

  // --- what wire and bodies use ---

  /** What a FIN means for this call. */
  public ClientFin onClientFin() {
    return policy == null ? connection.server().options().onClientFin() : policy.onClientFin();
  }

  ServerConnection connection() {
    return connection;
  }

  boolean isHead() {
    return request.method().equals(Method.HEAD);
  }

  /** Whether the answer is sent or given up. */
  public boolean isOver() {
    return state.isOver();
  }

  /**
   * Whether the whole answer is in our hands, so that it is delivered whatever the client's half
   * does.
   */
  public boolean isHandedOver() {
    return handedOver && state != ResponseState.OPEN;
  }

  /** Runs code of the user's; what it throws ends the call. */
  void guard(Runnable code) {
    @Nullable Map<String, String> before = LogContext.install(LogContext.of(request));
    try {
      code.run();
    } catch (Throwable e) {
      fail(e);
    } finally {
      LogContext.restore(before);
    }
  }

  void checkLoop() {
    if (!loop().inLoop()) {
      throw new IllegalStateException(
          "a call is only touched on its loop, not on thread '"
              + Thread.currentThread().getName()
              + "': use exchange.loop().execute(…)");
    }
  }

  void checkLive() {
    checkLoop();
    if (cancelled != null) {
      throw new CallCancelledException(cancelled);
    }
  }

  @Nullable CallPolicy policy() {
    return policy;
  }

  /** The head as it is finally sent. From here on errors can only abort. */
  ResponseHead committing(ResponseHead head) {
    ResponseHead edited = listeners == null ? head : listeners.edited(head);
    status = edited.status().code();
    connection.server().responseStarted(request, edited.status());
    return edited;
  }

  void sent(long bytes) {
    bytesSent += bytes;
  }

  Headers responseTrailers() {
    return responseTrailers == null ? Headers.EMPTY : responseTrailers.get();
  }

  /** Whether an upgrade that was answered with still stands and has not begun. */
  boolean awaitsUpgrade() {
    return state == ResponseState.ANSWERED && !isCommitted() && outbound == null;
  }

  /**
   * What took the connection over has said its last word: that the client goes now is expected, and
   * no reason to cancel what the call still does.
   */
  public void outliveClient() {
    outlivesClient = true;
  }

  /** The last byte of the answer was handed to the wire. */
  void answered() {
    state = state.on(ResponseState.Event.END);
    end();
    wire.over();
  }

  /**
   * Few bytes are left unsent: a waiting writer may go on. Called by the wire outside of any write.
   */
  public void writable() {
    if (outbound != null) {
      outbound.writable();
    }
  }

  /** Does nothing to a call that has ended and holds nothing. */
  @Override
  public void cancel(CancelCause cause) {
    checkLoop();
    boolean expected = outlivesClient && cause == CancelCause.CLIENT_GONE;
    if (cancelled != null || expected || (ended && holds == 0)) {
      return;
    }
    if (state.isOver()) {
      cancelled = cause;
      tellCancelled(cause);
    } else {
      abort(cause, Wire.CancelReason.GONE);
    }
  }

  private void abort(CancelCause cause, Wire.CancelReason reason) {
    cancelled = cause;
    state = state.on(ResponseState.Event.ABORT);
    if (inbound != null) {
      inbound.fail(new CallCancelledException(cause));
    }
    tellCancelled(cause);
    wire.abort(reason);
    if (outbound != null) {
      outbound.writable();
    }
    end();
  }

  private void tellCancelled(CancelCause cause) {
    Consumer<CancelCause> first = firstCancel;
    firstCancel = null;
    if (first != null) {
      Listeners.tell(first, cause, request);
    }
    if (listeners != null) {
      listeners.cancelled(cause, request);
    }
  }

  private void end() {
    ended = true;
    if (inbound != null) {
      inbound.callOver();
    }
    if (connection.server().isObserved() || (listeners != null && listeners.awaitEnd())) {
      tellEnded(outcome());
    }
    if (holds == 0) {
      over();
    } else {
      kept = true;
      connection.keep(this);
    }
  }

  private void tellEnded(Outcome result) {
    if (listeners != null) {
      listeners.ended(result, request);
    }
    connection.server().requestEnded(request, result);
  }

  private Outcome outcome() {
    Outcome made = outcome;
    if (made == null) {
      made =
          new Outcome(
              status == 0 ? Outcome.CLIENT_CLOSED_REQUEST : status,
              inbound == null ? 0 : inbound.received(),
              bytesSent,
              loop().nanoTime() - startedAt,
              cancelled,
              error);
      outcome = made;
    }
    return made;
  }
}
