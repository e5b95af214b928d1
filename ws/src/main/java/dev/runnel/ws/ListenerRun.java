package dev.runnel.ws;

import dev.runnel.engine.Exchange;
import dev.runnel.io.Loop;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Tells a listener what happens, and reads as fast as it goes along. */
final class ListenerRun implements SessionBody.Run {
  private final WsListener listener;
  private boolean waits;
  private boolean told;

  ListenerRun(WsListener listener) {
    this.listener = listener;
  }

  @Override
  public void prepare(Exchange call, LinkSession session) {
    // nothing to be had before the session
  }

  @Override
  public void open(LinkSession session) {
    session.guard(() -> listener.onOpen(session));
    session.closed().thenRun(() -> closed(session));
    session.loop().execute(() -> read(session));
  }

  /** A stage that is waited for has a while to complete; the listener hears of the end anyhow. */
  private void closed(LinkSession session) {
    if (waits) {
      Loop.Timer unused = session.loop().schedule(() -> close(session), session.leaveWithin());
    }
  }

  private void read(LinkSession session) {
    if (told) {
      return;
    }
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
    waits = true;
    stage.whenComplete(
        (unused, error) ->
            session
                .loop()
                .execute(
                    () -> {
                      waits = false;
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
