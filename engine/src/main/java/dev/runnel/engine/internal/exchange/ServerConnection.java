package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Handler;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls of one connection of a server share. Owned by the connection's loop. */
public final class ServerConnection extends ConnectionContext {
  private final ServerState server;
  private final long id;
  private Handler handler;
  private int sequence;
  private @Nullable ServerExchange held;
  private int cancelledButHeld;
  private @Nullable Map<ServerExchange, List<Runnable>> awaitStop;

  /**
   * A connection that was accepted.
   *
   * @param id names the connection within the server
   */
  public ServerConnection(
      ServerState server,
      LoopContext context,
      long id,
      SocketAddress remote,
      SocketAddress local,
      boolean secure) {
    super(context, remote, local, secure);
    this.server = server;
    this.id = id;
    this.handler = server.handler();
  }

  /** Has the calls answered by another handler than the server's. Before the first one. */
  public void answeredBy(Handler other) {
    handler = other;
  }

  /** What answers the calls. */
  public Handler handler() {
    return handler;
  }

  /** The server. */
  public ServerState server() {
    return server;
  }

  int nextSequence() {
    return ++sequence;
  }

  String callId(int callSequence) {
    return server.runId() + "-" + Long.toString(id, 36) + "-" + Integer.toString(callSequence, 36);
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
    if (server.isStopping()) {
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

  @Override
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

  @Override
  public void cancelHeld(CancelCause cause) {
    List<ServerExchange> calls = new ArrayList<>(); // cancelling one may make it leave the chain
    for (ServerExchange call = held; call != null; call = call.heldAfter) {
      calls.add(call);
    }
    calls.forEach(call -> call.cancel(cause));
  }

  /**
   * Cancels what still runs behind answers, unless the server is stopping: then it was us who asked
   * the client to leave, and such work has until the end of the drain like all other.
   */
  @Override
  public void closed() {
    if (!server.isStopping()) {
      cancelHeld(CancelCause.CLIENT_GONE);
    } else if (held != null) {
      context().outlived(this);
    }
  }
}
