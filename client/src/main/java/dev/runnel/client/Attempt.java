package dev.runnel.client;

import dev.runnel.engine.LoopLife;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Received;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on one connection: waits for a place, sends, and gives what comes. Once it has a
 * connection it lives on its loop; what happens before is guarded by its monitor.
 */
final class Attempt implements Ticket, CallEvents {
  private final Plan plan;
  private final Pools pools;
  private final CallScope scope;
  private final long notBefore;
  private final Consumer<ClientException> stop = this::cancel;
  private final RequestSender sender;

  private @Nullable Pool pool;
  private @Nullable Member place;
  private Loop.@Nullable Timer patience;
  private @Nullable ClientException cancelled;
  // Let go of when it was told: it leads to the answer, and a forgotten answer has to be collected.
  private @Nullable Outcome outcome;
  private boolean waits = true;

  // Of the connection's loop.
  private @Nullable ClientCall call;
  private boolean reused;
  private boolean heard;
  private @Nullable Response whole;
  private @Nullable LoopLife upgraded;

  /**
   * @param notBefore connections that were made before this time of the loop's clock may be stale
   */
  Attempt(Plan plan, Pools pools, CallScope scope, long notBefore, Outcome outcome) {
    this.plan = plan;
    this.pools = pools;
    this.scope = scope;
    this.notBefore = notBefore;
    this.outcome = outcome;
    this.sender = new RequestSender(plan);
  }

  /** Who wants to know what came of it. Told one of them, once, on the connection's loop. */
  interface Outcome {
    void answered(Response response);

    void upgraded(Upgraded upgraded);

    /**
     * @param again whether nothing forbids to try once more on another connection
     * @param begun whether something of the body was asked for
     */
    void failed(ClientException error, boolean again, boolean begun);

    /** It cannot be sent as it is, so nothing of it was. */
    void unsendable(Throwable error);
  }

  void start() {
    if (!scope.begin(stop)) {
      ClientException why = scope.cancelled();
      giveUp(why == null ? Failures.cancelled() : why);
      return;
    }
    Pool waitsIn = pools.acquire(plan.destination(), this);
    boolean late;
    synchronized (this) {
      pool = waitsIn;
      late = cancelled != null;
    }
    if (late) {
      withdraw();
    }
    waitPatiently();
  }

  /** A call that had its place at once, as most have, needs no timer. */
  private synchronized void waitPatiently() {
    Duration queue = plan.timeouts().queue();
    if (waits && !queue.isZero()) {
      patience = scope.loop().schedule(this::waitedTooLong, queue);
    }
  }

  /** It has a place, or will have none. */
  private synchronized void waitsNoMore() {
    waits = false;
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
  }

  // --- waiting for a place ---

  @Override
  public Loop preferred() {
    return scope.loop();
  }

  @Override
  public ClientTransport.Times dialTimes() {
    return new ClientTransport.Times(plan.timeouts().connect(), plan.timeouts().tls());
  }

  @Override
  public long notBefore() {
    return notBefore;
  }

  @Override
  public void granted(Member granted) {
    waitsNoMore();
    Loop loop = granted.connection.loop();
    if (loop.inLoop()) {
      begin(granted);
    } else {
      loop.execute(() -> begin(granted));
    }
  }

  @Override
  public void refused(ClientException why) {
    giveUp(why);
  }

  private void waitedTooLong() {
    Pool waitsIn;
    synchronized (this) {
      waitsIn = pool;
    }
    if (waitsIn != null && waitsIn.withdraw(this)) {
      String message =
          "no connection to " + plan.destination() + " within " + plan.timeouts().queue();
      giveUp(new ClientException(Reason.POOL_TIMEOUT, message, true, null));
    }
  }

  /** Cancelled, by the user or the time limit of the whole call. */
  private void cancel(ClientException why) {
    Member granted;
    synchronized (this) {
      if (cancelled != null) {
        return;
      }
      cancelled = why;
      granted = place;
    }
    if (granted == null) {
      withdraw();
    } else {
      granted.connection.loop().execute(() -> cancelCall(why));
    }
  }

  private void withdraw() {
    Pool waitsIn;
    ClientException why;
    synchronized (this) {
      waitsIn = pool;
      why = cancelled;
    }
    if (why != null && waitsIn != null && waitsIn.withdraw(this)) {
      giveUp(why);
    }
  }

  /** It never had a connection. */
  private void giveUp(ClientException why) {
    waitsNoMore();
    scope.end(stop);
    Outcome told = settle();
    if (told != null) {
      told.failed(why, false, false);
    }
  }

  private synchronized @Nullable Outcome settle() {
    Outcome first = outcome;
    outcome = null;
    return first;
  }

  // --- on the connection's loop ---

  private void begin(Member granted) {
    ClientException why;
    synchronized (this) {
      why = cancelled;
      if (why == null) {
        place = granted;
      }
    }
    if (why != null) {
      granted.release();
      giveUp(why);
      return;
    }
    reused = granted.calls > 1;
    CallHead head;
    ClientCall begun;
    try {
      head = plan.head(granted.connection.version());
      begun = granted.connection.begin(head, this);
    } catch (Throwable e) {
      // Behind this: any number of them may wait for the place that this one gives back.
      granted.connection.loop().execute(() -> unsendable(granted, e));
      return;
    }
    call = begun;
    if (head.hasBody()) {
      sender.begin(begun, granted.connection.loop(), this::bodyFailed);
    }
  }

  /** The connection was not touched, and is as good for the next call as it was for this one. */
  private void unsendable(Member granted, Throwable why) {
    scope.end(stop);
    granted.release();
    Outcome told = settle();
    if (told != null) {
      told.unsendable(why);
    }
  }

  private void cancelCall(ClientException why) {
    if (call != null) {
      call.cancel(why);
    }
  }

  private void bodyFailed(RuntimeException error) {
    cancelCall(
        error instanceof ClientException own
            ? own
            : new ClientException(
                Reason.REQUEST_BODY, "the body of " + plan + " failed", false, error));
  }

  @Override
  public void informational(ResponseHead head) {
    heard = true;
    if (head.status().code() == 100) {
      sender.goOn();
    }
    Consumer<ResponseHead> listener = plan.options().onInformational();
    if (listener != null) {
      listener.accept(head);
    }
  }

  @Override
  public void head(ResponseHead head, BodyReader body) {
    sender.answered(head.status());
    Response response = Response.of(head.status()).headers(head.headers()).received(received());
    if (!body.ended()) {
      response = response.body(new AnswerBody(body, plan));
      if (head.headers().get(HeaderNames.TRAILER) != null) {
        response = response.withTrailers(body::trailers);
      }
    }
    if (body.ended() && sender.isDone()) {
      whole = response; // its place is free first: what is asked next may have it
    } else {
      tell(response);
    }
  }

  private void tell(Response response) {
    Outcome told = settle();
    if (told != null) {
      told.answered(response);
    } else {
      Body.discard(response.body());
    }
  }

  private Received received() {
    ClientConnection connection = connection();
    return new Received(
        plan.uri(), connection.version(), connection.remoteAddress(), connection.tls());
  }

  private ClientConnection connection() {
    Member granted;
    synchronized (this) {
      granted = place;
    }
    if (granted == null) {
      throw new IllegalStateException("the call has no connection");
    }
    return granted.connection;
  }

  @Override
  public void upgraded(ResponseHead head, RawConnection raw) {
    Outcome told = settle();
    if (told != null) {
      LoopLife life = pools.begin(connection().loop());
      upgraded = life;
      told.upgraded(new Upgraded(head, raw, life, received()));
    } else {
      raw.reset();
    }
  }

  @Override
  public void failed(ClientException error) {
    Outcome told = settle();
    if (told != null) {
      told.failed(error, mayTryAgain(error), sender.hasBegun());
    }
  }

  /**
   * A connection that was kept may have ended while our request was on its way to it. Then another
   * one is tried, if the server cannot have acted on the request, or may do so twice (RFC 9110
   * 9.2.2, RFC 9112 9.3.1), and if there is a body to send again.
   */
  private boolean mayTryAgain(ClientException error) {
    boolean stale = reused && !heard && error.reason() == Reason.CONNECTION_LOST;
    boolean refused = error.isUnprocessed() && error.reason() == Reason.REFUSED;
    boolean safe = error.isUnprocessed() || plan.request().method().isIdempotent();
    return (refused || (stale && safe)) && sender.canRepeat();
  }

  @Override
  public void ended() {
    sender.stop();
    Member granted;
    synchronized (this) {
      granted = place;
    }
    scope.end(stop);
    if (upgraded != null) {
      pools.end(upgraded);
    }
    if (granted != null) {
      granted.release();
    }
    if (whole != null) {
      tell(whole);
    }
  }

  @Override
  public @Nullable CallEvents promised(CallHead head, ClientCall pushed) {
    PushListener listener = plan.options().pushes();
    return listener == null ? null : new PushedCall(head, pushed, received(), listener);
  }
}
