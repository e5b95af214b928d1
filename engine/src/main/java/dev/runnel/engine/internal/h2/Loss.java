package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why a stream ended before its time: a cause for the calls of a server, and what a client's calls
 * fail with. The text is put together only where somebody reads it.
 */
final class Loss {
  private static final long NO_CODE = -1;

  private final CancelCause cause;
  private final Reason reason;
  private final String what;
  private final long code;
  private final @Nullable ClientException given;
  private final @Nullable Throwable thrown;

  private Loss(CancelCause cause, Reason reason, String what, long code) {
    this(cause, reason, what, code, null, null);
  }

  private Loss(
      CancelCause cause,
      Reason reason,
      String what,
      long code,
      @Nullable ClientException given,
      @Nullable Throwable thrown) {
    this.cause = cause;
    this.reason = reason;
    this.what = what;
    this.code = code;
    this.given = given;
    this.thrown = thrown;
  }

  /** The connection or the stream is over for this cause. */
  static Loss of(CancelCause cause, String what) {
    Reason reason =
        switch (cause) {
          case WRITE_STALLED -> Reason.WRITE_TIMEOUT;
          case SERVER_STOPPING -> Reason.CLOSED;
          case OVER_BUDGET -> Reason.TOO_LARGE;
          case PROTOCOL_ERROR -> Reason.MALFORMED_RESPONSE;
          default -> Reason.CONNECTION_LOST;
        };
    return new Loss(cause, reason, what, NO_CODE);
  }

  /** The connection is gone, for which the peer had given a code. */
  static Loss goneWith(long code, String what) {
    return new Loss(CancelCause.CLIENT_GONE, Reason.CONNECTION_LOST, what, code);
  }

  /** The connection broke, and by what is known. */
  static Loss broken(LinkLoss loss, String what) {
    String all = what + ": " + loss.words();
    return new Loss(CancelCause.CLIENT_GONE, loss.reason(), all, NO_CODE, null, loss.cause());
  }

  /** The peer sent RST_STREAM. */
  static Loss resetByPeer(long code) {
    boolean refused = code == ErrorCode.REFUSED_STREAM.code();
    Reason reason = refused ? Reason.REFUSED : Reason.STREAM_RESET;
    return new Loss(CancelCause.CLIENT_GONE, reason, "the server reset the stream", code);
  }

  /** The peer will not look at the stream (RFC 9113 6.8). */
  static Loss behindGoAway(long code) {
    String what = "the server goes away and did not look at the call (GOAWAY)";
    return new Loss(CancelCause.CLIENT_GONE, Reason.REFUSED, what, code);
  }

  /** The peer broke a rule. */
  static Loss broken(ErrorCode code, String what) {
    // Of a peer that does not acknowledge SETTINGS nothing malformed came, but nothing else either.
    boolean silent = code == ErrorCode.SETTINGS_TIMEOUT;
    Reason reason = silent ? Reason.CONNECTION_LOST : Reason.MALFORMED_RESPONSE;
    return new Loss(CancelCause.PROTOCOL_ERROR, reason, what, code.code());
  }

  /** Our end gives it up with this. */
  static Loss with(ClientException error) {
    return new Loss(CancelCause.FAILED, error.reason(), "", NO_CODE, error, null);
  }

  CancelCause cause() {
    return cause;
  }

  /**
   * What a call of a client fails with.
   *
   * @param call names the call
   */
  ClientException error(String call) {
    if (given != null) {
      return given;
    }
    String named = code == NO_CODE ? "" : ", " + ErrorCode.name(code);
    return new ClientException(
        reason, call + ": " + what + named, reason == Reason.REFUSED, thrown);
  }

  @Override
  public String toString() {
    return error("stream").getMessage();
  }
}
