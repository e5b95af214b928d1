package dev.runnel.ws;

import dev.runnel.engine.CallLife;
import dev.runnel.engine.LogContext;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Request;
import dev.runnel.hub.Hub;
import dev.runnel.hub.Subscription;
import dev.runnel.io.Loop;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.Message;
import dev.runnel.websocket.Role;
import dev.runnel.websocket.Sent;
import dev.runnel.websocket.WsClosed;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of the Java faces on its link. What is asked from elsewhere hops to the loop. */
final class LinkSession implements WsChannel {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");

  private final CallLife call;
  private final Request request;
  private final Agreed agreed;
  private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
  // Written on the loop; elsewhere it is only asked whether it is open.
  private volatile @Nullable FrameLink link;
  private volatile @Nullable SocketAddress server;

  LinkSession(CallLife call, Request request, Agreed agreed) {
    this.call = call;
    this.request = request;
    this.agreed = agreed;
  }

  // --- on the loop ---

  void link(RawConnection connection) {
    if (agreed.role() == Role.CLIENT) {
      server = connection.remoteAddress();
    }
    link = agreed.link(call, connection, closed::complete);
  }

  void start() {
    link().start();
  }

  /** Whether there ever was a session. */
  boolean isOpened() {
    return link != null;
  }

  FrameLink link() {
    FrameLink made = link;
    if (made == null) {
      throw new IllegalStateException("the session is not open yet");
    }
    return made;
  }

  CallLife call() {
    return call;
  }

  Duration leaveWithin() {
    return agreed.leaveWithin();
  }

  Loop loop() {
    return call.loop();
  }

  /** Runs code of the user's; what it throws closes the session. */
  void guard(Code code) {
    Map<String, String> before = LogContext.install(LogContext.of(request));
    try {
      code.run();
    } catch (Throwable e) {
      failed(e);
    } finally {
      LogContext.restore(before);
    }
  }

  /** The user's code is done with the session. */
  void leave(CloseReason reason) {
    link().discard();
    link().close(reason);
  }

  /** The user's code failed. */
  void failed(Throwable error) {
    if (error instanceof WsClose wanted) {
      leave(wanted.reason());
    } else if (link().isOpen()) {
      int code = agreed.role().failure();
      LOG.error(
          "{} failed in its session, closed with {}: {}",
          request.id(),
          code,
          request.rawPath(),
          error);
      leave(CloseReason.of(code));
    } else if (!(error instanceof WsClosed)) {
      LOG.warn("{} failed when its session was closed", request.id(), error);
    }
  }

  // --- any thread ---

  @Override
  public Request request() {
    return request;
  }

  @Override
  public @Nullable String protocol() {
    return agreed.protocol();
  }

  @Override
  public SocketAddress peerAddress() {
    SocketAddress known = server; // of a client, only its request knows what a proxy says of it
    return known == null ? request.remoteAddress() : known;
  }

  @Override
  public boolean isOpen() {
    FrameLink made = link;
    return made == null ? !closed.isDone() : made.isOpen();
  }

  @Override
  public CompletionStage<Void> send(Message message) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    onLoop(() -> link().queue().send(link().message(message, new Completing(sent))), sent);
    return sent;
  }

  @Override
  public CompletionStage<SendResult> trySend(Message message) {
    CompletableFuture<SendResult> result = new CompletableFuture<>();
    onLoop(() -> result.complete(tried(message)), result);
    return result;
  }

  private SendResult tried(Message message) {
    if (!link().isOpen()) {
      return SendResult.CLOSED;
    }
    return link().offer(message) ? SendResult.SENT : SendResult.FULL;
  }

  @Override
  public CompletionStage<Subscription> subscribe(Hub<?> hub) {
    CompletableFuture<Subscription> made = new CompletableFuture<>();
    onLoop(
        () -> made.complete(hub.subscribe(HubFrames.INSTANCE, new HubFrames.Session(link()))),
        made);
    return made;
  }

  @Override
  public CompletionStage<CloseReason> close(int code, String reason) {
    CloseReason ours = new CloseReason(code, reason).requireSendable();
    onLoop(() -> leave(ours), closed);
    return closed();
  }

  @Override
  public CompletionStage<CloseReason> closed() {
    return closed.minimalCompletionStage();
  }

  @Nullable CloseReason closeReason() {
    return closed.getNow(null);
  }

  /** Runs the task on the loop, where it is the next; what it throws fails the future. */
  void onLoop(Runnable task, CompletableFuture<?> otherwise) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            otherwise.completeExceptionally(e);
          }
        };
    if (loop().inLoop() && link != null) {
      guarded.run();
    } else {
      loop().execute(guarded);
    }
  }

  /** Code of the user's. */
  interface Code {
    void run() throws Exception;
  }

  private record Completing(CompletableFuture<Void> future) implements Sent {
    @Override
    public void room() {
      future.complete(null);
    }

    @Override
    public void failed(Throwable error) {
      Throwable seen = error instanceof WsClosed closed ? new WsClosed(closed.reason()) : error;
      future.completeExceptionally(seen);
    }
  }
}
