package dev.runnel.transport;

import dev.runnel.http.BodyReader;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a call. Told on the connection's loop, last in a step of its machine, so that
 * anything may be called from here. Either a head comes, or an upgrade, or a failure; behind a head
 * a failure is what {@link BodyReader#poll()} throws, a {@link ClientException}.
 */
public interface CallEvents {
  /** An informational head (RFC 9110 15.2), 100 among them; never 101. */
  void informational(ResponseHead head);

  /** The final head, and the body to be pulled. A body that is not wanted has to be cancelled. */
  void head(ResponseHead head, BodyReader body);

  /** The server switched to the protocol asked for: 101, or 2xx to CONNECT. */
  void upgraded(ResponseHead head, RawConnection connection);

  /** No final head comes. */
  void failed(ClientException error);

  /**
   * The connection is done with the call, and has its place free again. Once, behind all others; an
   * upgraded call ends with its connection.
   */
  void ended();

  /**
   * The server promises an answer that was not asked for (RFC 9113 8.4).
   *
   * @return who takes it, or null to refuse
   */
  default @Nullable CallEvents promised(CallHead head, ClientCall call) {
    return null;
  }
}
