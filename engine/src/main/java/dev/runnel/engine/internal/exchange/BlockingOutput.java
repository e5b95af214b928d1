package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.LogContext;
import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Bodies that blocking code writes into a stream. */
final class BlockingOutput {
  private BlockingOutput() {}

  static void start(ServerExchange call, Body.Output body, OutboundBody out) {
    Exchange.Hold hold = call.hold();
    try {
      call.server()
          .blocking()
          .run(
              () -> writeBody(call, body, out), (nothing, error) -> finish(call, out, error, hold));
    } catch (RejectedExecutionException e) {
      hold.release();
      throw Handlers.overloaded(e);
    } catch (RuntimeException | Error e) { // no thread to be had
      hold.release();
      throw e;
    }
  }

  private static @Nullable Void writeBody(ServerExchange call, Body.Output body, OutboundBody out)
      throws Exception {
    OutputStream stream = out.asOutputStream();
    Map<String, String> before = LogContext.install(LogContext.of(call.request()));
    try {
      body.writeTo(stream);
      stream.flush();
      return null;
    } finally {
      LogContext.restore(before);
    }
  }

  private static void finish(
      ServerExchange call, OutboundBody out, @Nullable Throwable error, Exchange.Hold hold) {
    if (error == null) {
      call.loop().execute(() -> call.guard(() -> endUnlessOver(call, out)));
    } else {
      call.loop().execute(() -> call.fail(error));
    }
    hold.release();
  }

  private static void endUnlessOver(ServerExchange call, OutboundBody out) {
    if (!call.isOver()) {
      Headers trailers = call.responseTrailers();
      out.end(trailers);
    }
  }
}
