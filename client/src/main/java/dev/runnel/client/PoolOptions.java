package dev.runnel.client;

import java.time.Duration;

/**
 * How connections are kept. Immutable; {@link #DEFAULT} and the {@code with…} methods make others.
 *
 * @param perOrigin connections to one place at a time; further calls wait (64)
 * @param waiting calls that may wait for a connection to one place; more fail with {@code
 *     POOL_FULL} (1,024)
 * @param idle how long a connection that nobody uses is kept (50 s: common servers keep theirs for
 *     60 or 75, and whoever closes first loses no request); ZERO keeps none
 * @param age after which a connection gets no new calls, so that changes of name servers and of
 *     balancers are followed (ZERO, which is never)
 */
public record PoolOptions(int perOrigin, int waiting, Duration idle, Duration age) {
  /** The defaults. */
  public static final PoolOptions DEFAULT =
      new PoolOptions(64, 1024, Duration.ofSeconds(50), Duration.ZERO);

  public PoolOptions {
    if (perOrigin < 1) {
      throw new IllegalArgumentException("perOrigin must be at least 1, but is " + perOrigin);
    }
    if (waiting < 0) {
      throw new IllegalArgumentException("waiting must not be negative, but is " + waiting);
    }
    if (idle.isNegative() || age.isNegative()) {
      throw new IllegalArgumentException("a time must not be negative: " + idle + ", " + age);
    }
  }

  /** With so many connections to one place. */
  public PoolOptions withPerOrigin(int value) {
    return new PoolOptions(value, waiting, idle, age);
  }

  /** With so many calls that wait. */
  public PoolOptions withWaiting(int value) {
    return new PoolOptions(perOrigin, value, idle, age);
  }

  /** With another time for idle connections. */
  public PoolOptions withIdle(Duration value) {
    return new PoolOptions(perOrigin, waiting, value, age);
  }

  /** With another age. */
  public PoolOptions withAge(Duration value) {
    return new PoolOptions(perOrigin, waiting, idle, value);
  }
}
