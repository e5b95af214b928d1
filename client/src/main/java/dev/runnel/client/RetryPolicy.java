package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Status;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call is tried again, and after how long. Immutable.
 *
 * <ul>
 *   <li>Three tries in all. Before the second there is a random time of up to 100 ms, before each
 *       further one of up to twice as much, 10 s at most (exponential back-off with full jitter).
 *   <li>Calls with idempotent methods (RFC 9110 9.2.2) are tried again after what may pass: no
 *       address, no connection, a slow handshake, a connection that broke, a stream that was reset
 *       or refused. Others only if it is certain that the server did nothing ({@link
 *       ClientException#isUnprocessed()}).
 *   <li>Time limits of an answer do not count among these: the next try would load a server that is
 *       slow already. Nor does what we did ourselves (cancelled, closed, a full pool), nor what
 *       would only happen again (a certificate, a malformed answer, a redirect, a proxy that
 *       refuses).
 *   <li>Of answers, 408 (RFC 9110 15.5.9), 429 (RFC 6585 4) and 503 (RFC 9110 15.6.4) are tried
 *       again for idempotent methods, and 425 (RFC 8470 5.2) for all, since it says that the
 *       request was not processed. 500, 502 and 504 are not: they do not say that another try is of
 *       use.
 *   <li>A Retry-After field is obeyed, with the random time on top of it. If it asks for more than
 *       60 s, the answer is final: trying sooner would do harm.
 * </ul>
 *
 * <p>That a body can be sent a second time is for the caller to see.
 */
public final class RetryPolicy {
  /** The policy described above. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60));

  /** Tries once. */
  public static final RetryPolicy NONE = DEFAULT.withMaxAttempts(1);

  private static final Set<Reason> MAY_PASS =
      EnumSet.of(
          Reason.RESOLVE,
          Reason.CONNECT,
          Reason.CONNECT_TIMEOUT,
          Reason.TLS_TIMEOUT,
          Reason.CONNECTION_LOST,
          Reason.STREAM_RESET,
          Reason.REFUSED);

  private final int maxAttempts;
  private final Duration firstDelay;
  private final Duration maxDelay;
  private final Duration maxRetryAfter;

  private RetryPolicy(
      int maxAttempts, Duration firstDelay, Duration maxDelay, Duration maxRetryAfter) {
    this.maxAttempts = maxAttempts;
    this.firstDelay = firstDelay;
    this.maxDelay = maxDelay;
    this.maxRetryAfter = maxRetryAfter;
  }

  /**
   * This with so many tries, the first included; 3 unless set.
   *
   * @throws IllegalArgumentException if there is not at least one
   */
  public RetryPolicy withMaxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("there must be one attempt at least: " + attempts);
    }
    return new RetryPolicy(attempts, firstDelay, maxDelay, maxRetryAfter);
  }

  /**
   * This with other bounds of the random times; 100 ms and 10 s unless set.
   *
   * @param first before the second try
   * @param most before any
   * @throws IllegalArgumentException if one is negative or longer than a day
   */
  public RetryPolicy withDelays(Duration first, Duration most) {
    return new RetryPolicy(maxAttempts, requireDelay(first), requireDelay(most), maxRetryAfter);
  }

  /**
   * This, obeying Retry-After up to so long; 60 s unless set. Zero gives up wherever the field asks
   * for any time.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RetryPolicy withMaxRetryAfter(Duration most) {
    return new RetryPolicy(maxAttempts, firstDelay, maxDelay, requirePositive(most));
  }

  private static Duration requireDelay(Duration time) {
    if (time.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a delay must not be longer than a day: " + time);
    }
    return requirePositive(time);
  }

  private static Duration requirePositive(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a delay must not be negative: " + time);
    }
    return time;
  }

  /**
   * How long to wait before the next try of a call that failed, or null to give up.
   *
   * @param attempt which try it was that failed: 1 for the first
   * @param random gives numbers from 0 to below 1, such as {@code ThreadLocalRandom}
   */
  public @Nullable Duration afterFailure(
      int attempt, Method method, ClientException failure, DoubleSupplier random) {
    boolean allowed = method.isIdempotent() || failure.isUnprocessed();
    boolean worthIt = MAY_PASS.contains(failure.reason());
    return attempt < maxAttempts && allowed && worthIt ? jitter(attempt, random) : null;
  }

  /**
   * How long to wait before the next try of a call that was answered, or null if the answer is
   * final.
   *
   * @param attempt which try was answered: 1 for the first
   * @param answer the header section of the answer
   * @param now what a date in Retry-After is compared with
   * @param random gives numbers from 0 to below 1
   */
  public @Nullable Duration afterAnswer(
      int attempt,
      Method method,
      Status status,
      Headers answer,
      Instant now,
      DoubleSupplier random) {
    if (attempt >= maxAttempts || !isAsked(status.code(), method.isIdempotent())) {
      return null;
    }
    Duration asked = retryAfter(answer.get(HeaderNames.RETRY_AFTER), now);
    return asked.compareTo(maxRetryAfter) > 0 ? null : asked.plus(jitter(attempt, random));
  }

  private static boolean isAsked(int code, boolean idempotent) {
    return code == 425 || (idempotent && (code == 408 || code == 429 || code == 503));
  }

  /** Zero for a field that is missing, malformed or in the past (RFC 9110 10.2.3). */
  private static Duration retryAfter(@Nullable String field, Instant now) {
    if (field == null) {
      return Duration.ZERO;
    }
    if (field.matches("[0-9]+")) {
      // Nine digits are 31 years; more of them would not fit into any type for ever.
      String digits = field.replaceFirst("^0+(?=.)", "");
      return Duration.ofSeconds(digits.length() > 9 ? 999_999_999 : Long.parseLong(digits));
    }
    Instant date = LenientDate.parse(field);
    return date == null || date.isBefore(now) ? Duration.ZERO : Duration.between(now, date);
  }

  private Duration jitter(int attempt, DoubleSupplier random) {
    Duration bound = firstDelay;
    for (int i = 1; i < attempt && bound.compareTo(maxDelay) < 0; i++) {
      bound = bound.multipliedBy(2);
    }
    Duration capped = bound.compareTo(maxDelay) > 0 ? maxDelay : bound;
    return Duration.ofNanos((long) (capped.toNanos() * random.getAsDouble()));
  }

  @Override
  public String toString() {
    return "RetryPolicy(attempts="
        + maxAttempts
        + ", delays="
        + firstDelay
        + ".."
        + maxDelay
        + ", retryAfter<="
        + maxRetryAfter
        + ")";
  }
}
