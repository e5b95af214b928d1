package dev.runnel.engine;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Loop;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A call that passes everything on; filters override what they change. */
public abstract class ForwardingExchange implements Exchange {
  private final Exchange call;

  /** Passes on to this call. */
  protected ForwardingExchange(Exchange call) {
    this.call = Objects.requireNonNull(call);
  }

  /** The call behind this one. */
  protected final Exchange call() {
    return call;
  }

  @Override
  public Request request() {
    return call.request();
  }

  /** The body of {@link #request()}, so that a decorated request decorates this too. */
  @Override
  public BodyReader body() {
    return request().body().reader();
  }

  @Override
  public void informational(Status status, Headers headers) {
    call.informational(status, headers);
  }

  @Override
  public boolean push(String target, Headers headers) {
    return call.push(target, headers);
  }

  @Override
  public void respond(Response response) {
    call.respond(response);
  }

  @Override
  public BodyWriter respond(Status status, Headers headers) {
    return call.respond(status, headers);
  }

  @Override
  public void fail(Throwable error) {
    call.fail(error);
  }

  @Override
  public void cancel(CancelCause cause) {
    call.cancel(cause);
  }

  @Override
  public void onStop(Runnable listener) {
    call.onStop(listener);
  }

  @Override
  public Loop loop() {
    return call.loop();
  }

  @Override
  public void onHead(UnaryOperator<ResponseHead> edit) {
    call.onHead(edit);
  }

  @Override
  public void onCancel(Consumer<CancelCause> listener) {
    call.onCancel(listener);
  }

  @Override
  public void onEnd(Consumer<Outcome> listener) {
    call.onEnd(listener);
  }

  @Override
  public @Nullable CancelCause cancelled() {
    return call.cancelled();
  }

  @Override
  public boolean isCommitted() {
    return call.isCommitted();
  }

  @Override
  public Hold hold() {
    return call.hold();
  }

  @Override
  public void matched(RouteMatch match) {
    call.matched(match);
  }

  @Override
  public CallSettings settings() {
    return call.settings();
  }

  @Override
  public ServerContext server() {
    return call.server();
  }
}
