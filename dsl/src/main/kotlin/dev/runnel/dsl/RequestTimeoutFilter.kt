package dev.runnel.dsl

import dev.runnel.engine.CallUpgrade
import dev.runnel.engine.Exchange
import dev.runnel.engine.Filter
import dev.runnel.http.Body
import dev.runnel.http.Problem
import dev.runnel.http.Status
import kotlin.time.Duration
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Gives what stands behind it this long to answer, by the loop's clock. After that the handler is cancelled (an inner
 * Job only) and the client gets 503 as a problem document, through the filters in front. A streaming body leaves the
 * deadline once its head is committed with its first byte.
 *
 * @throws IllegalArgumentException if the limit is not positive
 */
public fun requestTimeout(limit: Duration): Filter {
  require(limit.isPositive()) { "the time limit must be positive, but is $limit" }
  return filter { request, next ->
    val call = currentCallContext()
    val start = call.dispatcher.loop.nanoTime()
    val response = withTimeoutOrNull(limit) { next(request) }
    if (response?.body() is Body.Producer || response?.body() is CallUpgrade) {
      call.headDeadline = HeadDeadline(start + limit.inWholeNanoseconds, limit).orEarlier(call.headDeadline)
    }
    response ?: timedOut(limit).toResponse()
  }
}

private fun timedOut(limit: Duration): Problem = Problem.of(Status.SERVICE_UNAVAILABLE, "no answer within $limit")

/** When the head of a streaming answer must be committed, in nanoseconds of the loop's clock. */
internal class HeadDeadline(private val nanos: Long, private val limit: Duration) {
  fun orEarlier(other: HeadDeadline?): HeadDeadline = if (other != null && other.nanos - nanos < 0) other else this

  /** Calls back with the error to fail with, unless the head is committed or the call has ended by then. */
  fun arm(exchange: Exchange, expire: (Throwable) -> Unit) {
    val loop = exchange.loop()
    val left = (nanos - loop.nanoTime()).coerceAtLeast(0)
    val timer =
      loop.schedule(
        { if (!exchange.isCommitted) expire(Rejection(timedOut(limit).toResponse())) }, // no group's to map
        java.time.Duration.ofNanos(left),
      )
    exchange.onEnd { timer.cancel() }
  }
}
