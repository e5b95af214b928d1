package dev.runnel.routing;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.CallSettings;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.RouteMatch;
import dev.runnel.engine.ServerContext;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A call without a wire: everything runs at once, on the caller's thread. */
final class FakeExchange implements Exchange, CallSettings, ServerContext, Loop {
  final FakeRequest request;
  final List<UnaryOperator<ResponseHead>> edits = new ArrayList<>();
  boolean devMode;
  @Nullable Response response;
  @Nullable RouteMatch match;
  @Nullable ClientFin clientFin;
  long bufferedBodyLimit = 1 << 20;

  FakeExchange(FakeRequest request) {
    this.request = request;
    request.exchange = this;
  }

  static FakeExchange of(String method, String target, String... headers) {
    return new FakeExchange(new FakeRequest(method, target, Headers.of(headers)));
  }

  FakeExchange inDevMode() {
    devMode = true;
    return this;
  }

  FakeExchange run(Handler handler) {
    try {
      handler.handle(this);
    } catch (Exception e) {
      fail(e);
    }
    return this;
  }

  /** The answer with all recorded edits of its head. */
  Response answer() {
    Response whole = response;
    if (whole == null) {
      throw new AssertionError("there is no answer to " + request.target());
    }
    ResponseHead head = new ResponseHead(whole.status(), whole.headers());
    for (UnaryOperator<ResponseHead> edit : edits) {
      head = edit.apply(head);
    }
    return whole.status(head.status()).headers(head.headers());
  }

  int status() {
    return answer().status().code();
  }

  @Nullable String header(String name) {
    return answer().headers().get(name);
  }

  String text() {
    return answer().body() instanceof dev.runnel.http.Body.Whole whole ? whole.bytes().utf8() : "";
  }

  @Override
  public Request request() {
    return request;
  }

  @Override
  public BodyReader body() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void informational(Status status, Headers headers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void respond(Response value) {
    if (response != null) {
      throw new IllegalStateException("answered twice");
    }
    response = value;
  }

  @Override
  public BodyWriter respond(Status status, Headers headers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void fail(Throwable error) {
    if (!(error instanceof HttpError http)) {
      throw new AssertionError(error);
    }
    respond(http.problem().toResponse());
  }

  @Override
  public Loop loop() {
    return this;
  }

  @Override
  public void onHead(UnaryOperator<ResponseHead> edit) {
    edits.add(edit);
  }

  @Override
  public void onCancel(Consumer<CancelCause> listener) {}

  @Override
  public void onEnd(Consumer<Outcome> listener) {}

  @Override
  public @Nullable CancelCause cancelled() {
    return null;
  }

  @Override
  public boolean isCommitted() {
    return response != null;
  }

  @Override
  public Hold hold() {
    return () -> {};
  }

  @Override
  public void matched(RouteMatch found) {
    match = found;
  }

  @Override
  public CallSettings settings() {
    return this;
  }

  @Override
  public ServerContext server() {
    return this;
  }

  @Override
  public void bufferedBodyLimit(long bytes) {
    bufferedBodyLimit = bytes;
  }

  @Override
  public long bufferedBodyLimit() {
    return bufferedBodyLimit;
  }

  @Override
  public void bodyLimit(long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onClientFin(ClientFin policy) {
    clientFin = policy;
  }

  @Override
  public Blocking blocking() {
    return new Blocking() {
      @Override
      public <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then) {
        try {
          then.ended(task.call(), null);
        } catch (Exception e) {
          then.ended(null, e);
        }
        return () -> {};
      }

      @Override
      public int active() {
        return 0;
      }
    };
  }

  @Override
  public <T> T shared(Request.Key<T> key, Supplier<T> make) {
    return make.get();
  }

  @Override
  public Hold detached(Runnable cancel) {
    return () -> {};
  }

  @Override
  public boolean isStopping() {
    return false;
  }

  @Override
  public boolean devMode() {
    return devMode;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public void cancel(CancelCause cause) {
    throw new UnsupportedOperationException("cancel " + cause);
  }

  @Override
  public void onStop(Runnable listener) {
    throw new UnsupportedOperationException("onStop");
  }
}
