package dev.runnel.transport.memory;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.internal.direct.DirectCall;
import dev.runnel.engine.internal.direct.DirectServer;
import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Loop;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Calls of a handler without a connection: a request goes in as a value, the answer comes out as
 * one. Between them runs all of the server that no version is needed for: the life of a call, its
 * bodies with back-pressure, errors as answers, cancellation, observers, limits of bodies. There is
 * no framing, so there are no limits of heads and connections, no informational answers, no push
 * and no upgrade.
 *
 * <p>For tools that test; tests themselves have {@code routes.handle(request)} of the testkit.
 * Everything is for the loop, where not said otherwise.
 */
public final class DirectCalls {
  private final DirectServer server;

  /**
   * Calls of this handler.
   *
   * @param loop runs everything; whoever brings it drives it
   * @param options limits of bodies and blocking calls, observers, trusted proxies, the mode for
   *     developers; the rest is for connections
   */
  public DirectCalls(Loop loop, Handler handler, ServerOptions options) {
    server = new DirectServer(Objects.requireNonNull(loop), handler, options);
  }

  /**
   * Begins a call. The body of the request is begun when it is first asked for.
   *
   * @param request one to be sent; see {@link Request#of}
   * @param stoppedBody told of a body of the request that was begun and need not go on
   */
  public Started start(Request request, Consumer<Body> stoppedBody) {
    return new Started(server.start(request, Objects.requireNonNull(stoppedBody)));
  }

  /** The calls that are not over, as method and path. */
  public List<String> open() {
    return server.open().stream().map(DirectCall::toString).toList();
  }

  /** How many pieces of detached work run. Any thread. */
  public int detached() {
    return server.detached();
  }

  /**
   * Whether blocking code runs that is not known to wait for a body: it will say something by
   * itself. Until then a virtual clock should stand, or the code meets time limits that it keeps.
   */
  public boolean isBusy() {
    return server.isBusy();
  }

  /** Cancels what has not ended, as a server does when its drain is over. */
  public void stop() {
    server.stop(CancelCause.SERVER_STOPPING);
  }

  /** A call that was begun. */
  public static final class Started {
    private final DirectCall call;

    private Started(DirectCall call) {
      this.call = call;
    }

    /**
     * The answer when its head is there; its body is read on the loop ({@link Response#content()}),
     * and gives {@link dev.runnel.transport.ClientException} where the handler fails behind the
     * head. Cancelling it is a client that leaves. Any thread.
     */
    public CompletableFuture<Response> answer() {
      return call.answer();
    }

    /** The client leaves: the call is cancelled. */
    public void cancel() {
      call.giveUp();
    }

    /** Whether the answer has ended and no code runs on the call's behalf any more. */
    public boolean isOver() {
      return call.isOver();
    }

    /** Whether somebody waits: for the head of the answer, or for bytes of its body. */
    public boolean isAwaited() {
      return call.isAwaited();
    }

    /**
     * Gives the call up because nothing of it is left to run. Whoever waits for its answer gets an
     * {@link IllegalStateException} that names the call, this, and what it waits for if known.
     *
     * @param what stands behind the name of the call: {@code "was not answered"}
     */
    public void stuck(String what) {
      call.stuck(what);
    }

    /** Method and path. */
    @Override
    public String toString() {
      return call.toString();
    }
  }
}
