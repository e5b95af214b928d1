package dev.runnel.websocket;

import java.time.Duration;

/**
 * Limits and times of a session. Zero switches a time off where that is said.
 *
 * @param maxMessage bytes of a whole message, also after inflating; more is 1009. Messages that are
 *     read in parts have no limit
 * @param readAhead bytes that are read before somebody asks for them, at most one message
 * @param pingAfter time without a byte read after which the peer is asked whether it is there; zero
 *     never asks
 * @param pongWithin time in which it has to say something; pauses while we do not read
 * @param closeWithin time in which the peer has to answer our Close
 * @param patience how long a message may wait for a slow peer; then 1008. Zero is for ever
 * @param maxPings pings a second that the peer may send; more is 1008. Zero is any number
 */
public record FrameOptions(
    int maxMessage,
    int readAhead,
    Duration pingAfter,
    Duration pongWithin,
    Duration closeWithin,
    Duration patience,
    int maxPings) {
  /** 1 MiB, 256 KiB, 20 s, 20 s, 5 s, 30 s, 10. */
  public static final FrameOptions DEFAULT =
      new FrameOptions(
          1 << 20,
          256 << 10,
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          10);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that cannot be
   */
  public FrameOptions {
    require(maxMessage > 0, "maxMessage must be positive", maxMessage);
    require(readAhead > 0, "readAhead must be positive", readAhead);
    require(!pingAfter.isNegative(), "pingAfter must not be negative", pingAfter);
    require(positive(pongWithin), "pongWithin must be positive", pongWithin);
    require(positive(closeWithin), "closeWithin must be positive", closeWithin);
    require(!patience.isNegative(), "patience must not be negative", patience);
    require(maxPings >= 0, "maxPings must not be negative", maxPings);
  }

  private static boolean positive(Duration duration) {
    return !duration.isZero() && !duration.isNegative();
  }

  private static void require(boolean holds, String what, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(what + ", but is " + value);
    }
  }

  /** With another limit of a whole message, in bytes. */
  public FrameOptions withMaxMessage(int bytes) {
    return new FrameOptions(
        bytes, readAhead, pingAfter, pongWithin, closeWithin, patience, maxPings);
  }

  /** With another limit of what is read unasked, in bytes. */
  public FrameOptions withReadAhead(int bytes) {
    return new FrameOptions(
        maxMessage, bytes, pingAfter, pongWithin, closeWithin, patience, maxPings);
  }

  /** With another time of silence before a ping. */
  public FrameOptions withPingAfter(Duration idle) {
    return new FrameOptions(
        maxMessage, readAhead, idle, pongWithin, closeWithin, patience, maxPings);
  }

  /** With another time for the peer to answer a ping. */
  public FrameOptions withPongWithin(Duration time) {
    return new FrameOptions(
        maxMessage, readAhead, pingAfter, time, closeWithin, patience, maxPings);
  }

  /** With another time for the peer to answer a Close. */
  public FrameOptions withCloseWithin(Duration time) {
    return new FrameOptions(maxMessage, readAhead, pingAfter, pongWithin, time, patience, maxPings);
  }

  /** With another time for a message to wait. */
  public FrameOptions withPatience(Duration time) {
    return new FrameOptions(
        maxMessage, readAhead, pingAfter, pongWithin, closeWithin, time, maxPings);
  }

  /** With another number of pings a second. */
  public FrameOptions withMaxPings(int perSecond) {
    return new FrameOptions(
        maxMessage, readAhead, pingAfter, pongWithin, closeWithin, patience, perSecond);
  }
}
