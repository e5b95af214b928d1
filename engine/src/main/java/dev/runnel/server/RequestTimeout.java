package dev.runnel.server;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.ForwardingExchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Problem;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call with a deadline: what stands behind sees it as cancelled, what stands in front as answered
 * with 503.
 */
final class RequestTimeout extends ForwardingExchange {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");

  private final Duration limit;
  private final List<Consumer<CancelCause>> listeners = new ArrayList<>(2);
  private Loop.@Nullable Timer timer;
  private boolean answered;
  private boolean expired;

  RequestTimeout(Exchange call, Duration limit) {
    super(call);
    this.limit = limit;
  }

  void begin() {
    Loop.Timer deadline = loop().schedule(this::expire, limit);
    timer = deadline;
    call().onCancel(this::tell);
    call().onEnd(outcome -> deadline.cancel());
  }

  private void expire() {
    if (call().isCommitted() || call().cancelled() != null) {
      return;
    }
    expired = true;
    tell(CancelCause.TIMEOUT);
    Problem problem =
        Problem.of(Status.SERVICE_UNAVAILABLE, "no answer within " + limit.toMillis() + " ms");
    if (answered) { // a stream without a first byte: only fail() may take its head back
      call().fail(new HttpError(problem, Headers.EMPTY, null));
    } else {
      call().respond(problem.toResponse());
    }
  }

  private void tell(CancelCause cause) {
    List<Consumer<CancelCause>> told = List.copyOf(listeners);
    listeners.clear();
    told.forEach(listener -> listener.accept(cause));
  }

  @Override
  public void respond(Response response) {
    if (expired) {
      Body.discard(response.body());
      return;
    }
    answered = true;
    if (response.body() instanceof Body.Whole || response.body() instanceof Body.File) {
      stopTimer();
    }
    call().respond(response);
  }

  @Override
  public BodyWriter respond(Status status, Headers headers) {
    refuseExpired();
    answered = true;
    return call().respond(status, headers);
  }

  @Override
  public void informational(Status status, Headers headers) {
    refuseExpired();
    call().informational(status, headers);
  }

  @Override
  public void fail(Throwable error) {
    if (expired) {
      LOG.debug("{} failed after its time limit", request().id(), error);
      return;
    }
    stopTimer();
    call().fail(error);
  }

  @Override
  public void onCancel(Consumer<CancelCause> listener) {
    CancelCause cause = cancelled();
    if (cause != null) {
      listener.accept(cause);
    } else {
      listeners.add(listener);
    }
  }

  @Override
  public @Nullable CancelCause cancelled() {
    return expired ? CancelCause.TIMEOUT : call().cancelled();
  }

  private void refuseExpired() {
    if (expired) {
      throw new CallCancelledException(CancelCause.TIMEOUT);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
