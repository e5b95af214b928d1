package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.io.Loop;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the calls of one connection share. Owned by the connection's loop. */
public final class ConnectionContext {
  private final LoopContext context;
  private final long id;
  private final SocketAddress remote;
  private final SocketAddress local;
  private final boolean secure;
  private int sequence;
  private @Nullable Set<ServerExchange> held;

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

  void keep(ServerExchange call) {
    if (held == null) {
      held = new LinkedHashSet<>();
    }
    held.add(call);
  }

  void forget(ServerExchange call) {
    if (held != null) {
      held.remove(call);
    }
  }

  /** Cancels the calls that were answered but still have work running. */
  public void cancelHeld(CancelCause cause) {
    if (held != null) {
      for (ServerExchange call : Set.copyOf(held)) {
        call.cancel(cause);
      }
    }
  }
}
