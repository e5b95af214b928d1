package dev.runnel.engine;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Loop;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One call: the request, and the means to answer it. It belongs to its {@link #loop()}; every
 * method but {@link #loop()} and {@link #request()} throws {@link IllegalStateException} on any
 * other thread.
 *
 * <p>A call is answered once: by a whole {@link #respond(Response)}, by a streamed {@link
 * #respond(Status, Headers)}, or by {@link #fail}. A second answer throws {@link
 * IllegalStateException}; an answer to a call that was cancelled meanwhile is dropped and its body
 * discarded.
 */
public interface Exchange extends CallLife {
  /** The request. */
  Request request();

  /** The body of the request, to be pulled; it can be taken once. */
  BodyReader body();

  /**
   * Sends an informational answer (100 to 199 but 101) before the final one; left out for HTTP/1.0
   * (RFC 9110 15.2).
   */
  void informational(Status status, Headers headers);

  /**
   * Promises the client an answer that it has not asked for, yet (RFC 9113 8.4), and runs a GET of
   * this target for it, as a call of its own. Comes before the answer's end; what is pushed before
   * its head is sent is what the client can make use of.
   *
   * @param target path and query on the same scheme and authority
   * @param headers what the client would have sent with that request
   * @return false if nothing was done: HTTP/1.x has no pushes, most clients refuse them, and all
   *     limit how many there are
   * @throws IllegalArgumentException if the target does not start with a slash
   */
  default boolean push(String target, Headers headers) {
    return false;
  }

  /** Answers the call. A whole body leaves with its head in one write. */
  void respond(Response response);

  /**
   * Answers the call with a body that is written from the loop. The head leaves with the first
   * bytes or the end, or at the end of the loop's turn.
   */
  BodyWriter respond(Status status, Headers headers);

  /**
   * Ends the call with an error: an answer if none is committed, else an aborted response, so that
   * the client sees a failure and never a short success.
   */
  void fail(Throwable error);

  /**
   * Gives the call up for this reason, as the engine does when the client leaves: whoever listens
   * is told, and an answer that has not ended is aborted. Does nothing to a call that is over.
   */
  @Override
  void cancel(CancelCause cause);

  /** The loop that owns this call. */
  @Override
  Loop loop();

  /**
   * Records an edit of the response head. Edits run in the order recorded, on whatever head is
   * finally sent.
   */
  void onHead(UnaryOperator<ResponseHead> edit);

  /**
   * Calls back, on the loop, when the call is cancelled before its end; at once if it already was.
   */
  @Override
  void onCancel(Consumer<CancelCause> listener);

  /**
   * Calls back, on the loop, when the answer was handed to the transport or given up; at once if it
   * already was.
   */
  void onEnd(Consumer<Outcome> listener);

  /**
   * Calls back once, on the loop, when the server begins to stop, so that an answer without an end
   * comes to one; at once if it already does. The calls that are left at the deadline of the stop
   * are cancelled.
   */
  @Override
  void onStop(Runnable listener);

  /** Why the call was cancelled, or null. */
  @Override
  @Nullable CancelCause cancelled();

  /** Whether a head was committed: from here on errors can only abort. */
  boolean isCommitted();

  /**
   * Keeps the call alive past its answer, for work that still runs on its behalf: a drain waits for
   * it, and a lost connection cancels it unless the server is stopping. Every hold must be released
   * once.
   */
  @Override
  Hold hold();

  /** Sets what the router found; seen in {@link Request#path(String)}. */
  void matched(RouteMatch match);

  /** Settings of this call that a route may change until the body is read. */
  CallSettings settings();

  /** The server that runs the call. */
  ServerContext server();

  /** This call with another view of its request; everything else is the same call. */
  default Exchange with(Request view) {
    return view == request() ? this : new ExchangeView(this, view);
  }

  /** Work that outlives the answer. */
  @FunctionalInterface
  interface Hold extends CallLife.Hold {}
}
