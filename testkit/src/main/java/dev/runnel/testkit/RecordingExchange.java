package dev.runnel.testkit;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ForwardingExchange;
import dev.runnel.engine.Outcome;
import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A call that has what passes noted, and is otherwise what it was. */
final class RecordingExchange extends ForwardingExchange {
  private final CallCapture capture;
  private final Request view;

  RecordingExchange(Exchange call, CallCapture capture) {
    super(call);
    this.capture = capture;
    Request request = call.request();
    if (request.body().isEmpty()) {
      capture.upload().ended();
      this.view = request;
    } else {
      this.view = request.withBody(body -> new TappedContent(body, request, call, capture));
    }
  }

  void begin(Consumer<Outcome> atEnd) {
    call().onHead(capture::head);
    call().onEnd(atEnd);
  }

  @Override
  public Request request() {
    return view;
  }

  /** Edits run in the order in which they are recorded, so each new last one is looked behind. */
  @Override
  public void onHead(UnaryOperator<ResponseHead> edit) {
    call().onHead(head -> capture.head(edit.apply(head)));
  }

  @Override
  public void respond(Response response) {
    call().respond(tapped(response));
  }

  @Override
  public BodyWriter respond(Status status, Headers headers) {
    BodyWriter writer = call().respond(status, headers);
    capture.streamed();
    return new TappedWriter(writer, capture.download());
  }

  @Override
  public void fail(Throwable error) {
    failed(error);
    call().fail(error);
  }

  /** The call is about to fail: unless its head is sent, an error answer takes the place of it. */
  void failed(Throwable error) {
    if (!isCommitted() && cancelled() == null) {
      Throwable cause = error.getCause();
      capture.failed(error instanceof CompletionException && cause != null ? cause : error);
    }
  }

  private Response tapped(Response response) {
    Body body = response.body();
    Response passed = response;
    if (body instanceof Body.Whole whole) {
      capture.whole(whole.bytes());
    } else if (body instanceof Body.File file) {
      capture.file(file);
    } else if (body instanceof Body.Upgrade) {
      capture.upgraded();
    } else {
      capture.streamed();
      passed = response.body(TappedBodies.of(body, capture.download()));
    }
    Supplier<Headers> trailers = response.trailers();
    return trailers == null ? passed : passed.withTrailers(() -> noted(trailers.get()));
  }

  private @Nullable Headers noted(@Nullable Headers trailers) {
    if (trailers != null) {
      capture.download().trailers(trailers);
    }
    return trailers;
  }
}
