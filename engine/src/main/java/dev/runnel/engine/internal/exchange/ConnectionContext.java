package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Handler;
import dev.runnel.http.TlsInfo;
import dev.runnel.io.Loop;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls of one connection share. Owned by the connection's loop. */
public final class ConnectionContext {
  private final LoopContext context;
  private final long id;
  private final SocketAddress remote;
  private final SocketAddress local;
  private final boolean secure;
  private Handler handler;
  private @Nullable TlsInfo tls;
  private int sequence;
  private @Nullable ServerExchange held;
  private int cancelledButHeld;
  private @Nullable Map<ServerExchange, List<Runnable>> awaitStop;

  /**
   * @param id names the connection within the server
   * @param remote the peer, or whom the PROXY protocol named
   * @param secure whether TLS is under it
   */
  public ConnectionContext(
      LoopContext context, long id, SocketAddress remote, SocketAddress local, boolean secure) {
    this.context = context;
    this.id = id;
    this.remote = remote;
    this.local = local;
    this.secure = secure;
    this.handler = context.server().handler();
  }

  /** Has the calls answered by another handler than the server's. Before the first one. */
  public void answeredBy(Handler other) {
    handler = other;
  }

  /** What answers the calls. */
  public Handler handler() {
    return handler;
  }

  /** The handshake is over, with this. Before the first call. */
  public void secured(TlsInfo info) {
    tls = info;
  }

  /** What TLS agreed on, or null. */
  public @Nullable TlsInfo tls() {
    return tls;
  }

  /** What the loop's connections share. */
  public LoopContext context() {
    return context;
  }

  /** The server. */
  public ServerState server() {
    return context.server();
  }

  /** The loop. */
  public Loop loop() {
    return context.loop();
  }

  /** The peer. */
  public SocketAddress remote() {
    return remote;
  }

  /** Our end. */
  public SocketAddress local() {
    return local;
  }

  /** Whether TLS is under it. */
  public boolean isSecure() {
    return secure;
  }

  int nextSequence() {
    return ++sequence;
  }

  String callId(int callSequence) {
    return server().runId()
        + "-"
        + Long.toString(id, 36)
        + "-"
        + Integer.toString(callSequence, 36);
  }

  /**
   * The call is answered, but work still runs on its behalf. Chained through the calls: it
   * allocates nothing.
   */
  void keep(ServerExchange call) {
    call.heldAfter = held;
    if (held != null) {
      held.heldBefore = call;
    }
    held = call;
    if (call.cancelled() != null) {
      cancelledButHeld++;
    }
  }

  /** How many calls were cancelled while their code still runs. */
  public int cancelledButHeld() {
    return cancelledButHeld;
  }

  void onStop(ServerExchange call, Runnable listener) {
    if (server().isStopping()) {
      call.guard(listener);
      return;
    }
    Map<ServerExchange, List<Runnable>> told = awaitStop;
    if (told == null) {
      told = new LinkedHashMap<>();
      awaitStop = told;
    }
    told.computeIfAbsent(call, unused -> new ArrayList<>(1)).add(listener);
  }

  void forgetStop(ServerExchange call) {
    if (awaitStop != null) {
      awaitStop.remove(call);
    }
  }

  /** The server begins to stop: calls without an end of their own are told. */
  public void stopping() {
    Map<ServerExchange, List<Runnable>> told = awaitStop;
    awaitStop = null;
    if (told != null) {
      told.forEach((call, listeners) -> listeners.forEach(call::guard));
    }
  }

  void forget(ServerExchange call) {
    if (call.cancelled() != null && cancelledButHeld > 0) {
      cancelledButHeld--;
    }
    ServerExchange before = call.heldBefore;
    ServerExchange after = call.heldAfter;
    if (before != null) {
      before.heldAfter = after;
    } else {
      held = after;
    }
    if (after != null) {
      after.heldBefore = before;
    }
    call.heldBefore = null;
    call.heldAfter = null;
  }

  /** Cancels the calls that were answered but still have work running. */
  public void cancelHeld(CancelCause cause) {
    List<ServerExchange> calls = new ArrayList<>(); // cancelling one may make it leave the chain
    for (ServerExchange call = held; call != null; call = call.heldAfter) {
      calls.add(call);
    }
    calls.forEach(call -> call.cancel(cause));
  }
}
