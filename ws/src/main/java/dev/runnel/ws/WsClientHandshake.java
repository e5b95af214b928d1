package dev.runnel.ws;

import dev.runnel.engine.CallLife;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Request;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Version;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.websocket.ClientHandshake;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.Role;

/**
 * A client asks for a session, and opens it on the connection that it gets: what stands between an
 * HTTP client and the faces of sessions. To be made for each attempt, once it is known which
 * version the connection speaks; its sessions belong to the loop of that connection, and so do
 * calls of what opens them.
 */
public final class WsClientHandshake {
  private final WsClientOptions options;
  private final ClientHandshake handshake;

  private WsClientHandshake(Version version, WsClientOptions options) {
    this.options = options;
    this.handshake =
        ClientHandshake.of(
            version, options.protocols(), DeflateNegotiation.offer(options.deflate()));
  }

  /**
   * An attempt on a connection of this version.
   *
   * @throws IllegalArgumentException if a sub-protocol is no token, or stands there twice
   */
  public static WsClientHandshake of(Version version, WsClientOptions options) {
    return new WsClientHandshake(version, options);
  }

  /**
   * GET, or over HTTP/2 CONNECT, whose {@code :protocol} is {@link ClientHandshake#PROTOCOL} (RFC
   * 8441 4).
   */
  public Method method() {
    return handshake.method();
  }

  /** The fields that ask for the session. */
  public Headers requestFields() {
    return handshake.fields();
  }

  /**
   * Checks an answer without opening anything; for one that comes without a connection, too.
   *
   * @throws ClientException {@link Reason#NOT_UPGRADED} if it opens no session, or wrongly
   */
  public void check(ResponseHead head) {
    Agreed unused = agree(head);
  }

  /**
   * Opens a session that the listener hears of, on the loop.
   *
   * @param request what asked for it
   * @param head the answer
   * @param connection what the answer gave; reset if there is no session
   * @param life what the session lives and ends with: its stop closes the session with 1001, its
   *     cancellation drops it
   * @throws ClientException {@link Reason#NOT_UPGRADED} if the answer opens no session, or wrongly,
   *     or without the compression that is required
   */
  public WsChannel open(
      Request request,
      ResponseHead head,
      RawConnection connection,
      CallLife life,
      WsListener listener) {
    LinkSession session = link(request, head, connection, life);
    new ListenerRun(listener).open(session);
    session.start();
    return session;
  }

  /**
   * Opens a session for blocking code, on whatever thread of the caller's but the loop; it is open
   * until {@link BlockingWs#close}. Else as {@link #open}.
   *
   * @throws ClientException as {@link #open} does
   */
  public BlockingWs openBlocking(
      Request request, ResponseHead head, RawConnection connection, CallLife life) {
    LinkSession session = link(request, head, connection, life);
    session.start();
    return new BlockingSession(session);
  }

  private LinkSession link(
      Request request, ResponseHead head, RawConnection connection, CallLife life) {
    LinkSession session = new LinkSession(life, request, agreed(head, connection, life));
    session.link(connection);
    return session;
  }

  /** What was agreed on; if that is no session, the connection is done with. */
  Agreed agreed(ResponseHead head, RawConnection connection, CallLife life) {
    Agreed agreed;
    try {
      agreed = agree(head);
    } catch (ClientException e) {
      connection.reset();
      throw e;
    }
    if (options.requireDeflate() && agreed.deflate() == null) {
      throw withoutDeflate(agreed, connection, life);
    }
    return agreed;
  }

  private Agreed agree(ResponseHead head) {
    String protocol = handshake.check(head);
    try {
      DeflateTerms deflate = DeflateNegotiation.confirm(options.deflate(), head.headers());
      return new Agreed(Role.CLIENT, protocol, options.frames(), deflate, options.leaveWithin());
    } catch (IllegalArgumentException e) {
      String why = "no WebSocket session: " + Extension.FIELD + ": " + e.getMessage();
      throw new ClientException(Reason.NOT_UPGRADED, why, false, e);
    }
  }

  /** The session is there and not wanted, which its Close says (RFC 6455 7.4.1, 1010). */
  private static ClientException withoutDeflate(
      Agreed agreed, RawConnection connection, CallLife life) {
    FrameLink link = agreed.link(life, connection, reason -> {});
    link.start();
    link.discard();
    link.close(new CloseReason(CloseReason.MANDATORY_EXTENSION, DeflateParams.EXTENSION));
    return new ClientException(
        Reason.NOT_UPGRADED,
        "no WebSocket session: "
            + Extension.FIELD
            + " must agree to "
            + DeflateParams.EXTENSION
            + ", which is required here, but does not; closed with 1010");
  }
}
