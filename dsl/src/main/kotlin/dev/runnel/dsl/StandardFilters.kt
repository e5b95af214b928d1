package dev.runnel.dsl

import dev.runnel.engine.Filter
import dev.runnel.server.Filters
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.toJavaDuration

/**
 * Takes the id of the request from `X-Request-Id` if it is a sane one (1 to 128 letters, digits and `._~:+/=@-`), else
 * keeps the one the engine made; sends it back in `X-Request-Id` and puts it into the MDC as `requestId`.
 *
 * It is a filter of the engine: write it before Kotlin filters, which then share one coroutine with the handler.
 */
public fun requestId(): Filter = Filters.requestId()

/**
 * Logs each call that ended, on `runnel.access` at level info: method, target, status, bytes of the body, milliseconds,
 * id. A client that left is status 499. A filter of the engine, like [requestId].
 */
public fun accessLog(): Filter = Filters.accessLog()

/**
 * Has browsers use https for this host from now on: `Strict-Transport-Security` (RFC 6797) on every answer to a request
 * that came by https. A filter of the engine, like [requestId].
 *
 * @param maxAge how long browsers remember; zero has them forget
 * @param includeSubDomains whether it holds for all hosts below this one as well
 * @param preload whether the host may be put into browsers' own lists, which is hard to undo; needs a year at least and
 *   sub-domains
 */
public fun hsts(maxAge: Duration = 365.days, includeSubDomains: Boolean = false, preload: Boolean = false): Filter =
  Filters.hsts(maxAge.toJavaDuration(), includeSubDomains, preload)

/**
 * Puts an entry into the MDC for the rest of the call: it is there in every line that code of the call logs, before and
 * after each suspension, on every thread, and never in those of another call.
 */
public suspend fun mdc(key: String, value: String): Unit = currentCallContext().addLog(key, value)
