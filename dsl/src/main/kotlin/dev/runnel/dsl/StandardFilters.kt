package dev.runnel.dsl

import dev.runnel.engine.Filter
import dev.runnel.server.Filters

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
 * Puts an entry into the MDC for the rest of the call: it is there in every line that code of the call logs, before and
 * after each suspension, on every thread, and never in those of another call.
 */
public suspend fun mdc(key: String, value: String): Unit = currentCallContext().addLog(key, value)
