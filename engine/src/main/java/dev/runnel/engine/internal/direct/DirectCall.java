package dev.runnel.engine.internal.direct;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.exchange.ServerExchange;
import dev.runnel.engine.internal.exchange.Wire;
import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Received;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call whose wire is an object: the request is a value, and so is the answer. Everything above
 * the wire is what serves connections too. On the loop, but for {@link #answer()}.
 */
public final class DirectCall implements Wire {
  private final DirectServer server;
  private final ServerConnection connection;
  private final ServerExchange exchange;
  private final Request request;
  private final Upload upload;
  private final CompletableFuture<Response> result = new Result();
  private @Nullable Answer answer;
  private boolean aborted;

  DirectCall(
      DirectServer server,
      ServerConnection connection,
      Request request,
      Consumer<Body> stoppedBody) {
    this.server = server;
    this.connection = connection;
    this.request = request;
    Body body = request.body().toBody();
    this.upload =
        new Upload(body, loop(), server.uploads(), this::arrived, this::bodyFailed, stoppedBody);
    this.exchange = new ServerExchange(connection, this, DirectHead.of(request));
  }

  void start() {
    exchange.onEnd(this::ended);
    exchange.start();
  }

  Loop loop() {
    return connection.loop();
  }

  /** The answer once its head is there. Cancelling it is a client that leaves. Any thread. */
  public CompletableFuture<Response> answer() {
    return result;
  }

  /** The client leaves; what became of the answer is lost. */
  public void giveUp() {
    cancel(CancelCause.CLIENT_GONE);
  }

  void cancel(CancelCause cause) {
    exchange.cancel(cause);
  }

  /** Whether it is answered or given up, and no code runs on its behalf any more. */
  public boolean isOver() {
    LoopContext context = connection.context();
    return context.calls() == 0 && context.ended() > 0;
  }

  /** Whether a test waits: for the head of the answer, or for bytes of its body. */
  public boolean isAwaited() {
    return answer == null ? !result.isDone() : answer.isAwaited();
  }

  /** Nothing more will come: whoever waits is told so, with what the call waits for. */
  public void stuck(String what) {
    String where = this + " " + what + ": " + state();
    IllegalStateException error = new IllegalStateException(where);
    if (answer != null) {
      answer.fail(error);
    }
    result.completeExceptionally(error);
    giveUp();
  }

  /** What the call waits for, as far as can be known from here. */
  public String state() {
    String blocking = server.places();
    if (exchange.awaitsBody()) {
      return "it waits for bytes of the request's body, which do not come";
    } else if (answer != null && !answer.isWritable()) {
      return "it waits until what it wrote is read";
    } else if (!blocking.isEmpty()) {
      return "blocking code has not returned: " + blocking;
    } else if (exchange.isOver()) {
      return "its answer has ended, but code still runs on its behalf";
    }
    return "nothing of it is left to run: it waits for something that nobody brings (a coroutine "
        + "that is not resumed, a future that is not completed), or for another thread";
  }

  /** How many blocking tasks of it are known to wait for a test to read: none once it is over. */
  int waits() {
    boolean full = answer != null && !aborted && !answer.isWritable();
    return (full ? 1 : 0) + (exchange.awaitsBody() ? 1 : 0);
  }

  boolean uploadWaits() {
    return upload.writerWaits();
  }

  /** Few bytes are left unread. */
  void drained() {
    exchange.writable();
  }

  private void arrived() {
    if (exchange.awaitsBody()) {
      exchange.inbound().ready();
    }
  }

  /** A client that cannot send its body fails with that, and leaves. */
  private void bodyFailed(Throwable error) {
    fail(
        error instanceof ClientException own
            ? own
            : new ClientException(
                Reason.REQUEST_BODY, "the body of " + this + " failed: " + error, false, error));
    loop().execute(this::giveUp);
  }

  private void ended(Outcome outcome) {
    upload.stop();
    if (aborted) {
      CancelCause cause = outcome.cancelled();
      Throwable error = outcome.error();
      boolean left = cause == CancelCause.CLIENT_GONE;
      fail(
          new ClientException(
              left ? Reason.CANCELLED : Reason.STREAM_RESET,
              "the answer to "
                  + this
                  + (left ? " was given up" : " was broken off (" + cause + ")")
                  + (error == null ? "" : ": " + error),
              false,
              error));
    }
  }

  private void fail(ClientException error) {
    if (answer != null) {
      answer.fail(error);
    }
    loop().execute(() -> result.completeExceptionally(error));
  }

  // --- the answer ---

  @Override
  public void informational(Status status, Headers headers) {
    // Of no concern to a test of what is answered in the end, as to a client that does not listen.
  }

  @Override
  public void whole(ResponseHead head, Bytes body, boolean headOnly) {
    boolean nothing = headOnly || head.status().forbidsBody();
    Response response = response(head, told(head, body.length(), headOnly));
    settle(nothing ? response : response.body(body));
  }

  @Override
  public void head(ResponseHead head, long length, boolean noBody) {
    Answer made = new Answer(this, length);
    answer = made;
    Response response = response(head, told(head, length, noBody));
    settle(noBody ? response : response.body(made.toBody()).withTrailers(made::trailers));
  }

  /** What a head says of the length (RFC 9110 8.6); -1 for nothing. */
  private static long told(ResponseHead head, long length, boolean headOnly) {
    boolean asIfThere = (headOnly && length <= 0) || head.status().code() == 304;
    if (asIfThere) {
      String declared = head.headers().get(HeaderNames.CONTENT_LENGTH);
      return declared == null ? -1 : Long.parseLong(declared);
    }
    return head.status().forbidsBody() ? -1 : length;
  }

  private Response response(ResponseHead head, long length) {
    Headers headers = head.headers();
    Headers all =
        length < 0
            ? headers.without(HeaderNames.CONTENT_LENGTH)
            : headers.set(HeaderNames.CONTENT_LENGTH, Long.toString(length));
    Received how = new Received(request.uri(), Version.HTTP_1_1, connection.local(), null);
    return Response.of(head.status()).headers(all).received(how);
  }

  /** Behind the machine's step: what hears of it is code of the test's. */
  private void settle(Response response) {
    loop()
        .execute(
            () -> {
              if (!result.complete(response)) {
                Body.discard(response.body());
              }
            });
  }

  @Override
  public void data(Bytes bytes) {
    begun().add(bytes);
  }

  @Override
  public boolean takesFiles() {
    return true;
  }

  /** Read here and now: the only connection that waits for this disk is the test's. */
  @Override
  public void file(FileChannel file, long position, int count, boolean last) {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    try {
      while (buffer.hasRemaining()) {
        if (file.read(buffer, position + buffer.position()) < 0) {
          throw new EOFException("the file became shorter while it was sent");
        }
      }
      if (last) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a file could not be sent to " + this, e);
    }
    begun().add(Bytes.Unsafe.wrap(buffer.array()));
  }

  @Override
  public boolean writable() {
    return answer == null || answer.isWritable();
  }

  @Override
  public void end(Headers trailers) {
    begun().end(trailers);
  }

  private Answer begun() {
    Answer made = answer;
    if (made == null) {
      throw new IllegalStateException("the head of an answer comes before its body");
    }
    return made;
  }

  @Override
  public void over() {
    server.over(this);
  }

  @Override
  public void abort(CancelReason reason) {
    aborted = true; // why is known when the call has ended
  }

  @Override
  public void takeOver(ResponseHead head, Consumer<RawConnection> taker) {
    fail(
        new ClientException(
            Reason.NOT_UPGRADED,
            this
                + " was answered with "
                + head.status()
                + " and takes the connection over (WebSocket, a tunnel), but here is no"
                + " connection: test it with a test server, in memory"));
    loop().execute(this::giveUp);
  }

  // --- the request's body ---

  @Override
  public @Nullable Bytes readBody() {
    return upload.poll();
  }

  @Override
  public boolean bodyReady() {
    return upload.isReady();
  }

  @Override
  public boolean bodyEnded() {
    return upload.isEnded();
  }

  @Override
  public Headers trailers() {
    return upload.trailers();
  }

  /** Method and target as the test wrote them, without a query, which may be long. */
  @Override
  public String toString() {
    return request.method() + " " + request.rawPath();
  }

  /** What a test waits for. */
  private final class Result extends CompletableFuture<Response> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean first = super.cancel(mayInterruptIfRunning);
      if (first) {
        loop().execute(DirectCall.this::giveUp);
      }
      return first;
    }
  }
}
