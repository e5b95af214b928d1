package dev.runnel.sse;

import dev.runnel.engine.CallProducer;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.LogContext;
import dev.runnel.http.BodyWriter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The body of a stream whose handler is Java, of one kind or the other. */
final class EventBody implements CallProducer {
  private final SseOptions options;
  private final @Nullable SseAsyncHandler async;
  private final @Nullable SseHandler blocking;

  EventBody(SseOptions options, @Nullable SseAsyncHandler async, @Nullable SseHandler blocking) {
    this.options = options;
    this.async = async;
    this.blocking = blocking;
  }

  @Override
  public void produce(Exchange call, BodyWriter writer) throws Exception {
    SseHead.refuseUnacceptable(call.request());
    StreamSink sink = new StreamSink(call, writer, options);
    sink.begin();
    if (sink.isClosed()) {
      return; // the server stops, and the stream has ended before it began
    }
    if (async != null) {
      startAsync(async, call, sink);
    } else if (blocking != null) {
      startBlocking(blocking, call, sink);
    }
  }

  private static void startAsync(SseAsyncHandler handler, Exchange call, StreamSink sink)
      throws Exception {
    // Work of the call until the stage completes, also when the client is gone: a drain waits.
    Exchange.Hold hold = call.hold();
    try {
      CompletionStage<?> stage = handler.run(sink);
      if (stage == null) {
        throw new NullPointerException(
            "the handler of a stream returned null instead of a CompletionStage");
      }
      stage.whenComplete((nothing, error) -> ended(call, sink, error, hold));
      if (stage instanceof CompletableFuture<?> future) {
        sink.runs(future);
      }
    } catch (Throwable e) {
      sink.handlerEnded(e);
      hold.release();
    }
  }

  private static void startBlocking(SseHandler handler, Exchange call, StreamSink sink) {
    Exchange.Hold hold = call.hold();
    try {
      call.server()
          .blocking()
          .run(
              () -> runBlocking(handler, call, sink),
              (nothing, error) -> ended(call, sink, error, hold));
    } catch (RejectedExecutionException e) {
      hold.release();
      sink.failed(Handlers.overloaded(e));
    } catch (RuntimeException | Error e) { // no thread to be had
      hold.release();
      sink.failed(e);
    }
  }

  private static @Nullable Void runBlocking(SseHandler handler, Exchange call, StreamSink sink)
      throws Exception {
    Map<String, String> before = LogContext.install(LogContext.of(call.request()));
    try {
      handler.run(sink);
      return null;
    } finally {
      LogContext.restore(before);
    }
  }

  private static void ended(
      Exchange call, StreamSink sink, @Nullable Throwable error, Exchange.Hold hold) {
    Runnable tell =
        () -> {
          try {
            sink.handlerEnded(unwrapped(error));
          } finally {
            hold.release();
          }
        };
    if (call.loop().inLoop()) {
      tell.run();
    } else {
      call.loop().execute(tell);
    }
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    return cause == null ? error : cause;
  }
}
