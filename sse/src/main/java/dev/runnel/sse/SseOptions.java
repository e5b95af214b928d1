package dev.runnel.sse;

import java.time.Duration;
import java.util.Objects;

/**
 * How a stream of events behaves. An immutable value: methods that look like changes give another
 * one. All time runs on the clock of the stream's loop.
 */
public final class SseOptions {
  /** What every stream has unless told otherwise. */
  public static final SseOptions DEFAULT =
      new SseOptions(
          Duration.ofSeconds(15),
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofSeconds(3),
          SseOverflow.SUSPEND,
          false);

  private final Duration heartbeat;
  private final Duration openAfter;
  private final Duration patience;
  private final Duration stopRetry;
  private final SseOverflow overflow;
  private final boolean gzip;

  private SseOptions(
      Duration heartbeat,
      Duration openAfter,
      Duration patience,
      Duration stopRetry,
      SseOverflow overflow,
      boolean gzip) {
    this.heartbeat = heartbeat;
    this.openAfter = openAfter;
    this.patience = patience;
    this.stopRetry = stopRetry;
    this.overflow = overflow;
    this.gzip = gzip;
  }

  /**
   * After so long without a byte written a comment is sent: it keeps proxies from taking the stream
   * for dead, and finds out that a client is gone. 15 s; the WHATWG standard (9.2.7) recommends
   * that. Zero is never.
   */
  public SseOptions withHeartbeat(Duration idle) {
    return new SseOptions(
        notNegative("heartbeat", idle), openAfter, patience, stopRetry, overflow, gzip);
  }

  /**
   * After so long the head is sent though there is no event yet: a client's {@code onopen} waits
   * for it, and so do proxies. Until then the handler can still answer otherwise. 500 ms; zero is
   * never.
   */
  public SseOptions withOpenAfter(Duration delay) {
    return new SseOptions(
        heartbeat, notNegative("openAfter", delay), patience, stopRetry, overflow, gzip);
  }

  /**
   * How long the first of those who wait to send does so, where {@link SseOverflow#SUSPEND} makes
   * them wait; then the call is cancelled as {@code SLOW_CONSUMER}. 30 s; zero is for ever, but a
   * client that takes no byte at all meets {@code Timeouts.writeStall}.
   */
  public SseOptions withPatience(Duration limit) {
    return new SseOptions(
        heartbeat, openAfter, notNegative("patience", limit), stopRetry, overflow, gzip);
  }

  /**
   * How long clients shall wait before they connect again when the server stops: told to each with
   * a value of its own, between half of this and one and a half, so that they do not come back all
   * at once. 3 s, as most browsers have it; zero tells them nothing.
   */
  public SseOptions withStopRetry(Duration base) {
    return new SseOptions(
        heartbeat, openAfter, patience, notNegative("stopRetry", base), overflow, gzip);
  }

  /** What becomes of events when the client is slow. */
  public SseOptions withOverflow(SseOverflow policy) {
    return new SseOptions(
        heartbeat,
        openAfter,
        patience,
        stopRetry,
        Objects.requireNonNull(policy, "overflow"),
        gzip);
  }

  /**
   * Whether the stream is compressed for clients that take gzip, flushed behind each event; off
   * unless asked for. It costs about 260 KiB for each such stream and some time on the loop, a
   * hub's events are then compressed for each by itself, and secrets beside what others wrote can
   * be guessed from lengths.
   */
  public SseOptions withGzip(boolean on) {
    return new SseOptions(heartbeat, openAfter, patience, stopRetry, overflow, on);
  }

  /** See {@link #withHeartbeat}. */
  public Duration heartbeat() {
    return heartbeat;
  }

  /** See {@link #withOpenAfter}. */
  public Duration openAfter() {
    return openAfter;
  }

  /** See {@link #withPatience}. */
  public Duration patience() {
    return patience;
  }

  /** See {@link #withStopRetry}. */
  public Duration stopRetry() {
    return stopRetry;
  }

  /** See {@link #withGzip}. */
  public boolean gzip() {
    return gzip;
  }

  /** See {@link #withOverflow}. */
  public SseOverflow overflow() {
    return overflow;
  }

  private static Duration notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          name + " of a stream of events must not be negative, but is " + value);
    }
    return value;
  }
}
