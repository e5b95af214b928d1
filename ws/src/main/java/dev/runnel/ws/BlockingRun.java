package dev.runnel.ws;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.LogContext;
import dev.runnel.websocket.CloseReason;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs a session in blocking code, on a thread of the server's. */
final class BlockingRun implements SessionBody.Run {
  private final BlockingWsHandler handler;

  BlockingRun(BlockingWsHandler handler) {
    this.handler = handler;
  }

  /** The thread is asked for first: without one there is no session. It begins by waiting. */
  @Override
  public void prepare(Exchange call, LinkSession session) {
    Exchange.Hold hold = call.hold();
    try {
      call.server()
          .blocking()
          .run(
              () -> run(session),
              (nothing, error) -> {
                session.loop().execute(() -> ended(session, error));
                hold.release();
              });
    } catch (RejectedExecutionException e) {
      hold.release();
      throw Handlers.overloaded(e);
    } catch (RuntimeException | Error e) { // no thread to be had
      hold.release();
      throw e;
    }
  }

  @Override
  public void open(LinkSession session) {
    // the thread finds out by itself
  }

  private @Nullable Void run(LinkSession session) throws Exception {
    Map<String, String> before = LogContext.install(LogContext.of(session.request()));
    try {
      handler.handle(new BlockingSession(session));
      return null;
    } finally {
      LogContext.restore(before);
    }
  }

  private static void ended(LinkSession session, @Nullable Throwable error) {
    if (!session.isOpened() || session.call().cancelled() != null) {
      return; // what a handler throws that lost its client is no news
    }
    if (error == null) {
      session.leave(CloseReason.of(CloseReason.NORMAL));
    } else {
      session.failed(error);
    }
  }
}
