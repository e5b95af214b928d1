package dev.runnel.engine.internal.direct;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.io.Loop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A server without a place to listen on, on one loop: its calls are begun by hand. */
public final class DirectServer {
  /** Bodies that tests write; no limit of a server counts them. */
  private static final int UPLOADS = Integer.MAX_VALUE;

  private final Loop loop;
  private final ServerState state;
  private final CountedBlocking blocking;
  private final CountedBlocking uploads = new CountedBlocking(UPLOADS);
  private final Set<DirectCall> calls = new LinkedHashSet<>();
  private long sequence;

  /** A server that runs this handler on this loop. */
  public DirectServer(Loop loop, Handler handler, ServerOptions options) {
    this.loop = loop;
    this.blocking = new CountedBlocking(options.limits().blockingCalls());
    this.state = new ServerState(options, handler, blocking);
  }

  /**
   * Begins a call; on the loop.
   *
   * @param stoppedBody told of a body that was begun and need not go on
   */
  public DirectCall start(Request request, Consumer<Body> stoppedBody) {
    LoopContext context = new LoopContext(loop, state, java.time.Duration.ZERO);
    InetAddress here = InetAddress.getLoopbackAddress();
    ServerConnection connection =
        new ServerConnection(
            state,
            context,
            ++sequence,
            new InetSocketAddress(here, 49_152), // the first port that is nobody's (RFC 6335 6)
            new InetSocketAddress(here, request.uri().port()),
            request.uri().isSecure());
    DirectCall call = new DirectCall(this, connection, request, stoppedBody);
    calls.add(call);
    call.start();
    return call;
  }

  Blocking uploads() {
    return uploads;
  }

  void over(DirectCall call) {
    if (call.isOver()) {
      calls.remove(call);
    }
  }

  /** The calls that are not over; on the loop. */
  public List<DirectCall> open() {
    calls.removeIf(DirectCall::isOver);
    return List.copyOf(calls);
  }

  /** How many pieces of detached work run. */
  public int detached() {
    return state.detachedWork().active();
  }

  /**
   * Whether blocking code runs that is not known to wait for a body: it will say something by
   * itself, and until then virtual time should stand. On the loop.
   */
  public boolean isBusy() {
    int waiting = 0;
    int full = 0;
    for (DirectCall call : calls) {
      waiting += call.waits();
      full += call.uploadWaits() ? 1 : 0;
    }
    return blocking.unsettled() > waiting || uploads.unsettled() > full;
  }

  String places() {
    return blocking.places();
  }

  /** Cancels what has not ended, as a server at the end of its drain; on the loop. */
  public void stop(CancelCause cause) {
    state.beginStop();
    List<DirectCall> left = new ArrayList<>(open());
    left.forEach(call -> call.cancel(cause));
    state.detachedWork().cancelAll();
    blocking.close();
    uploads.close();
  }
}
