package dev.runnel.ws;

import dev.runnel.http.Request;
import dev.runnel.hub.Hub;
import dev.runnel.hub.Subscription;
import dev.runnel.io.Loop;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.Message;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A session as a thread sees it: the thread asks the loop and waits. */
final class BlockingSession implements BlockingWs {
  private final LinkSession session;
  private @Nullable CompletableFuture<@Nullable Message> pending; // its thread's alone

  BlockingSession(LinkSession session) {
    this.session = session;
  }

  @Override
  public Request request() {
    return session.request();
  }

  @Override
  public @Nullable String protocol() {
    return session.protocol();
  }

  @Override
  public SocketAddress peerAddress() {
    return session.peerAddress();
  }

  @Override
  public boolean isOpen() {
    return session.isOpen();
  }

  @Override
  public @Nullable CloseReason closeReason() {
    return session.closeReason();
  }

  @Override
  public @Nullable Message receive() throws InterruptedException {
    CompletableFuture<@Nullable Message> next = next();
    Message message = await(next);
    pending = null;
    return message;
  }

  @Override
  public @Nullable Message receive(Duration limit) throws InterruptedException, TimeoutException {
    CompletableFuture<@Nullable Message> next = next();
    CompletableFuture<Void> either = new CompletableFuture<>();
    Loop.Timer timer = session.loop().schedule(() -> either.complete(null), limit);
    next.whenComplete((message, error) -> either.complete(null));
    await(either);
    timer.cancel();
    if (!next.isDone()) {
      throw new TimeoutException("no message within " + limit);
    }
    return receive();
  }

  private CompletableFuture<@Nullable Message> next() {
    CompletableFuture<@Nullable Message> asked = pending;
    if (asked == null) {
      asked = new CompletableFuture<>();
      pending = asked;
      CompletableFuture<@Nullable Message> next = asked;
      session.loop().execute(() -> poll(next));
    }
    return asked;
  }

  private void poll(CompletableFuture<@Nullable Message> next) {
    try {
      FrameLink link = session.link();
      Message message = link.poll();
      if (message != null || link.isEnded()) {
        next.complete(message);
      } else {
        link.onReady(() -> poll(next));
      }
    } catch (RuntimeException e) {
      next.completeExceptionally(e);
    }
  }

  @Override
  public void send(Message message) throws InterruptedException {
    await(session.send(message).toCompletableFuture());
  }

  @Override
  public SendResult trySend(Message message) throws InterruptedException {
    return await(session.trySend(message).toCompletableFuture());
  }

  @Override
  public Subscription subscribe(Hub<?> hub) throws InterruptedException {
    return await(session.subscribe(hub).toCompletableFuture());
  }

  @Override
  public CloseReason close(int code, String reason) throws InterruptedException {
    CompletionStage<CloseReason> closed = session.close(code, reason);
    return await(closed.toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("the session failed", e.getCause());
    }
  }
}
