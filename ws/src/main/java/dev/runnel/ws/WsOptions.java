package dev.runnel.ws;

import dev.runnel.http.Headers;
import dev.runnel.websocket.FrameOptions;
import dev.runnel.websocket.OriginPolicy;
import java.time.Duration;
import java.util.List;

/**
 * How sessions of a route are opened and kept. Immutable: what looks like a setter gives another.
 *
 * @param frames limits and times
 * @param origins whose pages may open a session; the same host by default
 * @param protocols the sub-protocols that are spoken here, the preferred first
 * @param headers further fields of the answer that opens the session
 * @param deflate compression by permessage-deflate (RFC 7692), if the client offers it; off by
 *     default, because what is secret and what an attacker sends must not be compressed together
 * @param acceptAfter how long a handler may take to do something with its session, or to reject it,
 *     before the client is told that it is open; 500 ms
 * @param leaveWithin how long a handler may run on after its session was closed; 5 s
 */
public record WsOptions(
    FrameOptions frames,
    OriginPolicy origins,
    List<String> protocols,
    Headers headers,
    Deflate deflate,
    Duration acceptAfter,
    Duration leaveWithin) {
  /** What stands at each part, for sessions that need nothing else. */
  public static final WsOptions DEFAULT =
      new WsOptions(
          FrameOptions.DEFAULT,
          OriginPolicy.sameHost(),
          List.of(),
          Headers.EMPTY,
          Deflate.OFF,
          Duration.ofMillis(500),
          Duration.ofSeconds(5));

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException for a sub-protocol that is no token, or a time that is not
   *     positive
   */
  public WsOptions {
    protocols = List.copyOf(protocols);
    for (String protocol : protocols) {
      if (!protocol.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw new IllegalArgumentException(
            "a sub-protocol is a token (RFC 6455 11.3.4), but this is '" + protocol + "'");
      }
    }
    requirePositive(acceptAfter, "acceptAfter");
    requirePositive(leaveWithin, "leaveWithin");
  }

  private static void requirePositive(Duration time, String name) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, but is " + time);
    }
  }

  /** With other limits and times. */
  public WsOptions withFrames(FrameOptions other) {
    return new WsOptions(other, origins, protocols, headers, deflate, acceptAfter, leaveWithin);
  }

  /** With other pages that may open a session. */
  public WsOptions withOrigins(OriginPolicy other) {
    return new WsOptions(frames, other, protocols, headers, deflate, acceptAfter, leaveWithin);
  }

  /** With these sub-protocols, the preferred first. */
  public WsOptions withProtocols(String... names) {
    return new WsOptions(
        frames, origins, List.of(names), headers, deflate, acceptAfter, leaveWithin);
  }

  /** With one more field of the answer. */
  public WsOptions withHeader(String name, String value) {
    Headers more = headers.with(name, value);
    return new WsOptions(frames, origins, protocols, more, deflate, acceptAfter, leaveWithin);
  }

  /** With compression, if the client offers it. */
  public WsOptions withDeflate(Deflate other) {
    return new WsOptions(frames, origins, protocols, headers, other, acceptAfter, leaveWithin);
  }

  /** With another time for a handler to use or reject its session. */
  public WsOptions withAcceptAfter(Duration time) {
    return new WsOptions(frames, origins, protocols, headers, deflate, time, leaveWithin);
  }

  /** With another time for a handler to return after its session was closed. */
  public WsOptions withLeaveWithin(Duration time) {
    return new WsOptions(frames, origins, protocols, headers, deflate, acceptAfter, time);
  }
}
