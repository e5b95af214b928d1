package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.http.TlsInfo;
import dev.runnel.io.Loop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the calls of one connection share, at either end. Owned by the connection's loop. */
public class ConnectionContext {
  private final LoopContext context;
  private final SocketAddress remote;
  private final SocketAddress local;
  private final boolean secure;
  private @Nullable TlsInfo tls;

  /**
   * @param remote the peer, or whom the PROXY protocol named
   * @param secure whether TLS is under it
   */
  public ConnectionContext(
      LoopContext context, SocketAddress remote, SocketAddress local, boolean secure) {
    this.context = context;
    this.remote = remote;
    this.local = local;
    this.secure = secure;
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

  /** What all connections share. */
  public Endpoint endpoint() {
    return context.endpoint();
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

  /** Our end begins to stop: calls without an end of their own are told. */
  public void stopping() {}

  /** Cancels calls that are over as far as the connection knows, but still have work running. */
  public void cancelHeld(CancelCause cause) {}

  /** The connection is gone: nobody is there any more for whom work still runs. */
  public void closed() {}
}
