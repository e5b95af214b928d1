package dev.runnel.sse;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.hub.Format;
import dev.runnel.hub.Hub;
import dev.runnel.hub.HubOptions;
import dev.runnel.hub.Subscription;
import dev.runnel.io.Bytes;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream as Java handlers see it: crosses from any thread to the loop. */
final class StreamSink implements SseSink, EventStream.Owner {
  private final Exchange call;
  private final EventStream stream;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private @Nullable CompletableFuture<?> running;
  private volatile boolean done;

  StreamSink(Exchange call, BodyWriter writer, SseOptions options) {
    this.call = call;
    this.stream = new EventStream(call, writer, options, this);
  }

  void begin() {
    stream.begin();
  }

  /** What the handler does, which nobody waits for any more when the stream is over. */
  void runs(CompletableFuture<?> future) {
    if (done) {
      future.cancel(false);
    } else {
      running = future;
    }
  }

  /** The handler is through; on the loop. */
  void handlerEnded(@Nullable Throwable error) {
    boolean toldByUs =
        error instanceof SseClosedException || error instanceof CancellationException;
    if (error == null) {
      stream.end();
    } else if (!(toldByUs && stream.isClosed())) {
      failed(error);
    }
  }

  // --- what the stream tells ---

  /** The handler hears of it by {@link #closed()}, or when it next sends. */
  @Override
  public void stopped() {}

  @Override
  public void failed(Throwable error) {
    stream.release();
    call.fail(error);
  }

  @Override
  public void over() {
    done = true;
    closed.complete(null); // who waits for this first has what it needs done
    CompletableFuture<?> future = running;
    if (future != null) {
      future.cancel(false);
    }
  }

  // --- what the handler does ---

  @Override
  public Request request() {
    return call.request();
  }

  @Override
  public @Nullable String lastEventId() {
    return SseHead.lastEventId(call.request());
  }

  @Override
  public void open() {
    onLoop(
        () -> {
          stream.open();
          return this;
        });
  }

  @Override
  public <T> Subscription join(Hub<T> hub) {
    return join(hub, SseFormat.events());
  }

  @Override
  public <T> Subscription join(Hub<T> hub, Format<? super T> format) {
    return onLoop(() -> stream.join(hub, format, null));
  }

  @Override
  public <T> Subscription join(Hub<T> hub, Format<? super T> format, HubOptions<T> own) {
    return onLoop(() -> stream.join(hub, format, own));
  }

  @Override
  public void send(ServerEvent event) {
    refuseLoop();
    join(start(event));
  }

  @Override
  public CompletionStage<Void> sendAsync(ServerEvent event) {
    return start(event);
  }

  private CompletableFuture<Void> start(ServerEvent event) {
    EventEncoder.encode(event); // here, because the loop has others to serve
    CompletableFuture<Void> sent = new CompletableFuture<>();
    onLoop(() -> put(event, sent), sent);
    return sent;
  }

  private void put(ServerEvent event, CompletableFuture<Void> sent) {
    if (sent.isDone()) {
      return; // taken back on the way here
    }
    try {
      Bytes left = stream.put(event);
      if (left == null) {
        sent.complete(null);
      } else if (!left.isEmpty() && stream.queue().size() >= MOST_WAITING) {
        throw new IllegalStateException(
            MOST_WAITING
                + " events wait for this client already; wait for the stages of sendAsync");
      } else {
        await(new Sending(left, sent), sent);
      }
    } catch (RuntimeException e) {
      sent.completeExceptionally(e);
    }
  }

  private void await(Sending message, CompletableFuture<Void> sent) {
    stream.queue().send(message);
    sent.whenComplete(
        (nothing, error) -> {
          if (sent.isCancelled()) {
            onLoop(message::withdraw, null);
          }
        });
  }

  @Override
  public void close() {
    onLoop(stream::end, null);
  }

  @Override
  public CompletionStage<Void> closed() {
    return closed.copy();
  }

  @Override
  public boolean isClosed() {
    return done;
  }

  @Override
  public long dropped() {
    return stream.dropped();
  }

  @Override
  public RuntimeException reject(Response response) {
    onLoop(
        () -> {
          stream.refuseCommitted(response.status());
          return this;
        });
    throw new Rejected(response);
  }

  /** Runs what does not wait for the client, and waits until it has run. */
  private <R> R onLoop(Supplier<R> step) {
    if (call.loop().inLoop()) {
      return step.get();
    }
    CompletableFuture<R> ran = new CompletableFuture<>();
    onLoop(
        () -> {
          try {
            ran.complete(step.get());
          } catch (RuntimeException e) {
            ran.completeExceptionally(e);
          }
        },
        ran);
    return join(ran);
  }

  /** Runs the step on the loop; if that has ended nothing will ever tell the future. */
  private void onLoop(Runnable step, @Nullable CompletableFuture<?> waits) {
    if (call.loop().inLoop()) {
      step.run();
      return;
    }
    try {
      call.loop().execute(step);
    } catch (RejectedExecutionException e) {
      if (waits != null) {
        waits.completeExceptionally(new SseClosedException("its loop has ended"));
      }
    }
  }

  private void refuseLoop() {
    if (call.loop().inLoop()) {
      throw new IllegalStateException(
          "send waits for the client, and this is the event loop: use sendAsync, or"
              + " Sse.stream(…) to run on a thread that may wait");
    }
  }

  private static <R> R join(CompletableFuture<R> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw here(e.getCause());
    }
  }

  /** With the stack of the sender, which is what a reader of the log wants to see. */
  private static RuntimeException here(@Nullable Throwable cause) {
    RuntimeException thrown;
    if (cause instanceof CallCancelledException cancelled) {
      thrown = new CallCancelledException(cancelled.reason());
    } else if (cause instanceof SseClosedException closed) {
      thrown = new SseClosedException(closed);
    } else if (cause instanceof RuntimeException other) {
      return other;
    } else {
      return new IllegalStateException("the event was not sent", cause);
    }
    thrown.initCause(cause);
    return thrown;
  }

  private static final class Sending extends SendQueue.Message {
    private final CompletableFuture<Void> sent;

    Sending(Bytes bytes, CompletableFuture<Void> sent) {
      super(bytes);
      this.sent = sent;
    }

    @Override
    protected void room() {
      sent.complete(null);
    }

    @Override
    protected void failed(Throwable error) {
      sent.completeExceptionally(error);
    }
  }

  /** The answer instead of the stream. */
  private static final class Rejected extends HttpError {
    private static final long serialVersionUID = 1L;

    private final transient Response response;

    Rejected(Response response) {
      super(Problem.of(response.status(), null), Headers.EMPTY, null);
      this.response = response;
    }

    @Override
    public Response toResponse() {
      return response;
    }
  }
}
