package dev.runnel.dsl

import dev.runnel.engine.CallCancelledException
import dev.runnel.http.BodyReader
import dev.runnel.http.Request
import dev.runnel.http.Request.Key
import dev.runnel.io.Bytes
import java.security.Principal
import java.util.concurrent.CompletionStage
import kotlin.coroutines.resume
import kotlin.time.AbstractLongTimeSource
import kotlin.time.DurationUnit
import kotlin.time.TimeSource
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.suspendCancellableCoroutine

/** The parameters of the path. */
public val Request.path: PathParams
  get() = PathParams(this)

/**
 * The parameters of the query.
 *
 * @throws dev.runnel.http.HttpError 400 if the query is malformed
 */
public val Request.query: Params
  get() = Params(queryParams(), Params.QUERY)

/**
 * The body as it arrives, with back-pressure: nothing is read from the client that is not collected. It can be
 * collected once; a second time is an IllegalStateException. Without limit unless the route or server sets one.
 */
public val Request.body: Flow<ByteArray>
  get() = flow {
    val call = currentCallContext()
    val reader = call.onLoop { body().reader() }
    while (true) {
      val bytes = call.onLoop { translated { reader.next() } } ?: break
      emit(bytes.toByteArray())
    }
  }

/**
 * The whole body as text, in the charset of its Content-Type or UTF-8. Like [bytes], [form] and [json] it holds at most
 * the buffered body limit, 1 MiB unless the route or server sets another.
 *
 * @throws dev.runnel.http.HttpError 413 if the body is larger, 415 if the charset is unknown
 */
public suspend fun Request.text(): String = body().textAsync().awaited()

/**
 * The whole body.
 *
 * @throws dev.runnel.http.HttpError 413 if it is larger than the buffered body limit
 */
public suspend fun Request.bytes(): ByteArray = body().bytesAsync().awaited()

/**
 * The fields of a form (`application/x-www-form-urlencoded`).
 *
 * @throws dev.runnel.http.HttpError 413 if it is larger than the buffered body limit, 415 if it is something else, 400
 *   if it is malformed
 */
public suspend fun Request.form(): Params = Params(body().formAsync().awaited(), Params.FORM)

/** The clock of the loop, monotonic; tests set it. */
public val Request.clock: TimeSource.WithComparableMarks
  get() = LoopClock(this)

/** Who makes the request, as a filter found out; null for nobody. */
public var Request.principal: Principal?
  get() = attribute(PRINCIPAL)
  set(value) = attribute(PRINCIPAL, value)

/** A value kept with the call, or null. */
public operator fun <T : Any> Request.get(key: Key<T>): T? = attribute(key)

/** Keeps a value with the call, seen by everything that sees the call, or removes it (null). */
public operator fun <T : Any> Request.set(key: Key<T>, value: T?): Unit = attribute(key, value)

private val PRINCIPAL: Key<Principal> = Key.of("principal")

private class LoopClock(private val request: Request) : AbstractLongTimeSource(DurationUnit.NANOSECONDS) {
  override fun read(): Long = request.nanoTime()
}

/** The next bytes; null at the end. */
private suspend fun BodyReader.next(): Bytes? {
  while (true) {
    poll()?.let { if (!it.isEmpty) return it }
    if (ended()) return null
    suspendCancellableCoroutine { continuation -> onReady { if (continuation.isActive) continuation.resume(Unit) } }
  }
}

internal suspend fun <T> CompletionStage<T>.awaited(): T = translated { await() }

/** A cancelled call ends reads with the engine's exception, which may come before the Job's own cancellation. */
private inline fun <T> translated(read: () -> T): T =
  try {
    read()
  } catch (e: CallCancelledException) {
    throw e.reason().toCancellation()
  }
