package dev.runnel.ws;

import dev.runnel.websocket.FrameOptions;
import java.time.Duration;
import java.util.List;

/**
 * How a client opens a session and keeps it. Immutable: what looks like a setter gives another.
 *
 * @param frames limits and times
 * @param protocols the sub-protocols that are offered, the preferred first; the server may pick
 *     one, or none
 * @param deflate the compression that is offered by permessage-deflate (RFC 7692); off by default,
 *     because what is secret and what an attacker sends must not be compressed together
 * @param requireDeflate whether a server that does not agree to the compression is left again, with
 *     close code 1010
 * @param leaveWithin how long the stage of a listener may hold its {@code onClose} back after the
 *     session was closed; 5 s
 */
public record WsClientOptions(
    FrameOptions frames,
    List<String> protocols,
    Deflate deflate,
    boolean requireDeflate,
    Duration leaveWithin) {
  /** What stands at each part, for sessions that need nothing else. */
  public static final WsClientOptions DEFAULT =
      new WsClientOptions(
          FrameOptions.DEFAULT, List.of(), Deflate.OFF, false, Duration.ofSeconds(5));

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if compression is required but not offered, or the time is not
   *     positive
   */
  public WsClientOptions {
    protocols = List.copyOf(protocols);
    if (requireDeflate && !deflate.allowed()) {
      throw new IllegalArgumentException(
          "compression cannot be required without being offered: set withDeflate(…) too");
    }
    if (leaveWithin.isNegative() || leaveWithin.isZero()) {
      throw new IllegalArgumentException("leaveWithin must be positive, but is " + leaveWithin);
    }
  }

  /** With other limits and times. */
  public WsClientOptions withFrames(FrameOptions other) {
    return new WsClientOptions(other, protocols, deflate, requireDeflate, leaveWithin);
  }

  /** With these sub-protocols, the preferred first. */
  public WsClientOptions withProtocols(String... names) {
    return new WsClientOptions(frames, List.of(names), deflate, requireDeflate, leaveWithin);
  }

  /** With this compression, if the server agrees. */
  public WsClientOptions withDeflate(Deflate other) {
    return new WsClientOptions(frames, protocols, other, false, leaveWithin);
  }

  /** With this compression, or no session: a server that does not agree is left with 1010. */
  public WsClientOptions withRequiredDeflate(Deflate other) {
    return new WsClientOptions(frames, protocols, other, true, leaveWithin);
  }

  /** With another time for a stage to hold {@code onClose} back. */
  public WsClientOptions withLeaveWithin(Duration time) {
    return new WsClientOptions(frames, protocols, deflate, requireDeflate, time);
  }
}
