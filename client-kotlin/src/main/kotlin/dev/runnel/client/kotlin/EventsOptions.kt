package dev.runnel.client.kotlin

import dev.runnel.sse.EventParser
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * How a stream of events is kept up.
 *
 * @property reconnect whether a stream that ends or is lost is asked for again; if not, the flow completes with the
 *   stream, and fails if it is lost
 * @property lastEventId where to go on; empty for the beginning
 * @property retry how long to wait before connecting again while the server has not said it; the wait is drawn from
 *   zero to this, doubled for each attempt in a row that gave no event
 * @property maxRetry the most that is waited, whatever the server says
 * @property silence a stream that brings no byte, not even a heartbeat, for so long is lost; [Duration.ZERO] is never.
 *   Servers of Runnel send a heartbeat every 15 s
 * @property maxEvent the most bytes of an event
 * @property onLoss told each time before the wait: what the stream was lost by, null if it ended; and how long the wait
 *   is
 */
public class EventsOptions(
  public val reconnect: Boolean = true,
  public val lastEventId: String = "",
  public val retry: Duration = 3.seconds,
  public val maxRetry: Duration = 30.seconds,
  public val silence: Duration = Duration.ZERO,
  public val maxEvent: Int = EventParser.DEFAULT_LIMIT,
  public val onLoss: (cause: Throwable?, delay: Duration) -> Unit = { _, _ -> },
) {
  init {
    require(!retry.isNegative() && !maxRetry.isNegative() && !silence.isNegative()) {
      "a time must not be negative: $retry, $maxRetry, $silence"
    }
    require(maxEvent > 0) { "the limit of an event must be positive: $maxEvent" }
  }

  /** Full jitter: whoever lost the same server must not come back at the same time. */
  internal fun delay(asked: Duration?, failures: Int): Duration {
    val doubled = (asked ?: retry) * (1L shl failures.coerceAtMost(MOST_DOUBLINGS)).toDouble()
    return minOf(doubled, maxRetry) * Random.nextDouble()
  }

  private companion object {
    const val MOST_DOUBLINGS = 20
  }
}
