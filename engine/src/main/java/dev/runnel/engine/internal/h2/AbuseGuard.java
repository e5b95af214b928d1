package dev.runnel.engine.internal.h2;

/**
 * How much work that leads nowhere a peer may cause: points that are spent by frames of that kind,
 * and come back with time. What a peer does at an honest rate never adds up; a flood spends all
 * within milliseconds, and the connection ends with ENHANCE_YOUR_CALM. One pool for all kinds, so
 * that mixing them gains nothing.
 */
final class AbuseGuard {
  private static final int CAPACITY = 10_000;
  private static final int PER_SECOND = 1_000;
  private static final long NANOS_PER_POINT = 1_000_000_000L / PER_SECOND;

  /**
   * A stream that the peer resets before its answer is whole (CVE-2023-44487): 200 at once, 20 a
   * second. A page that is left cancels some dozens.
   */
  static final int RESET_BY_PEER = 50;

  /** A stream that the peer makes us reset (CVE-2025-8671): 100 at once, 10 a second. */
  static final int RESET_BY_US = 100;

  /** 200 at once; a peer changes its mind seldom. */
  static final int SETTINGS = 50;

  /** 2,000 at once; clients measure the path with them, about one for each DATA frame of ours. */
  static final int PING = 5;

  /** 2,000 at once, and one for each DATA frame of ours for free. */
  static final int WINDOW_UPDATE = 5;

  /** PRIORITY and PRIORITY_UPDATE. */
  static final int PRIORITY = 5;

  /** DATA without a byte that ends nothing: 200 at once. No use is known. */
  static final int EMPTY_DATA = 50;

  /** A type nobody knows; extensions are allowed to try. */
  static final int UNKNOWN = 5;

  /** A stream above the limit: 2,000 at once, since a client may not know the limit yet. */
  static final int REFUSED = 5;

  /** A frame for a stream that is no more. */
  static final int LATE = 2;

  /** Frames that answers in the middle come in; smaller ones than these are charged. */
  private static final int LATE_FRAME = 512;

  /** Header blocks and ends of a stream that we reset. */
  private static final int LATE_HEADS = 4;

  private static final int MOST_FREE = 20_000;

  private int points = CAPACITY;
  private long refilledAt;
  private int free;
  private int late;

  AbuseGuard(long now) {
    refilledAt = now;
  }

  /** A DATA frame was sent: its receiver may answer with updates of both windows and a PING. */
  void dataSent() {
    if (free < MOST_FREE) {
      free += 3;
    }
  }

  /** We reset a stream of which so many bytes may be on their way. */
  void resetSent(int bytes) {
    late = Math.min(MOST_FREE, late + LATE_HEADS + bytes / LATE_FRAME);
  }

  /** A frame for a stream that is no more: for free where we caused it. */
  void chargeLate(long now) throws Http2Error {
    if (late > 0) {
      late--;
    } else {
      charge(LATE, now);
    }
  }

  /** An answer to our DATA, as far as there was some. */
  void chargeAnswer(int cost, long now) throws Http2Error {
    if (free > 0) {
      free--;
    } else {
      charge(cost, now);
    }
  }

  /**
   * @param now of the loop's clock
   */
  void charge(int cost, long now) throws Http2Error {
    points -= cost;
    if (points < 0) {
      refill(now);
      if (points < 0) {
        throw Http2Error.connection(
            ErrorCode.ENHANCE_YOUR_CALM, "too many frames that lead nowhere");
      }
    }
  }

  private void refill(long now) {
    long gained = (now - refilledAt) / NANOS_PER_POINT;
    refilledAt += gained * NANOS_PER_POINT;
    points = (int) Math.min(CAPACITY, points + gained);
  }
}
