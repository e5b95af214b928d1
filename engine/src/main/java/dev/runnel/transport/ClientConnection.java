package dev.runnel.transport;

import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.io.Loop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server. Whoever keeps it asks what it can do, and never which version it speaks
 * to know that. Belongs to its {@link #loop()}; what may be asked elsewhere says so.
 */
public interface ClientConnection {
  /** The loop that everything here happens on. Any thread. */
  Loop loop();

  /** The version spoken. Any thread. */
  Version version();

  /** The server, or the proxy before it. Any thread. */
  SocketAddress remoteAddress();

  /** Our end. Any thread. */
  SocketAddress localAddress();

  /** What TLS agreed on with the server, or null. Any thread. */
  @Nullable TlsInfo tls();

  /**
   * How many calls it takes at a time: one over HTTP/1.1, what the server said over HTTP/2. A
   * change is told to the listener. Any thread.
   */
  int callLimit();

  /**
   * Whether calls may still begin: not after GOAWAY, {@code Connection: close}, a doubt about the
   * framing, or the end. Never becomes true again. Any thread.
   */
  boolean isUsable();

  /**
   * Begins a call: sends its head. Nothing of the events is told before this has returned. A
   * connection that takes no call now tells {@link CallEvents#failed} with an error that is {@link
   * ClientException#isUnprocessed unprocessed}.
   *
   * @throws IllegalArgumentException if the head cannot be sent as it is; nothing has begun then
   */
  ClientCall begin(CallHead head, CallEvents events);

  /** Takes no more calls, and closes when those under way have ended. */
  void close();

  /** Fails the calls under way with this, and closes at once. */
  void closeNow(ClientException why);

  /** Who keeps a connection. Told on its loop. */
  interface Listener {
    /** {@link #callLimit()} or {@link #isUsable()} changed. */
    void changed(ClientConnection connection);

    /** The connection is gone; its calls were told. Last, once. */
    void closed(ClientConnection connection);
  }
}
