package dev.runnel.ws;

import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Tells a listener what happens, and reads as fast as it goes along. */
final class ListenerRun implements SessionBody.Run {
  private final WsListener listener;
  private boolean told;

  ListenerRun(WsListener listener) {
    this.listener = listener;
  }

  @Override
  public void prepare(LinkSession session) {
    // nothing to be had before the session
  }

  @Override
  public void open(LinkSession session) {
    session.guard(() -> listener.onOpen(session));
    session.loop().execute(() -> read(session));
  }

  private void read(LinkSession session) {
    FrameLink link = session.link();
    for (Message next = link.poll(); next != null; next = link.poll()) {
      Message message = next;
      CompletableFuture<?>[] wait = new CompletableFuture<?>[1];
      session.guard(
          () -> {
            CompletionStage<?> stage = listener.onMessage(session, message);
            wait[0] = stage == null ? null : stage.toCompletableFuture();
          });
      if (wait[0] != null && !goesOn(session, wait[0])) {
        return;
      }
    }
    if (link.isEnded()) {
      close(session);
    } else {
      link.onReady(() -> read(session));
    }
  }

  /** Whether the next message may be read at once; else it will be when the stage completes. */
  private boolean goesOn(LinkSession session, CompletableFuture<?> stage) {
    if (stage.isDone() && !stage.isCompletedExceptionally()) {
      return true;
    }
    stage.whenComplete(
        (unused, error) ->
            session
                .loop()
                .execute(
                    () -> {
                      if (error != null) {
                        session.failed(causeOf(error));
                      }
                      read(session);
                    }));
    return false;
  }

  private static Throwable causeOf(Throwable error) {
    Throwable cause = error.getCause();
    return error instanceof CompletionException && cause != null ? cause : error;
  }

  private void close(LinkSession session) {
    CloseReason reason = session.closeReason();
    if (!told && reason != null) {
      told = true;
      session.guard(() -> listener.onClose(session, reason));
    }
  }
}
