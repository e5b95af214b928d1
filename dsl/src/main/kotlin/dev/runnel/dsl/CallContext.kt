package dev.runnel.dsl

import dev.runnel.engine.Exchange
import dev.runnel.engine.LogContext
import dev.runnel.engine.Outcome
import dev.runnel.http.Headers
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.ResponseHead
import dev.runnel.http.Status
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.withContext

/**
 * A call as its coroutines see it: an element of their context, so that functions without a receiver find it. As a
 * thread context element it also puts the call's MDC around every entry into user code, whatever the thread.
 */
internal class CallContext(
  override val exchange: Exchange,
  val dispatcher: LoopDispatcher,
  val isDetached: Boolean = false,
) : ThreadContextElement<Map<String, String>?>, Call {
  override val key: CoroutineContext.Key<CallContext>
    get() = CallContext

  override var request: Request = exchange.request()
  private var log: Map<String, String>? = LogContext.of(request)

  /** The call's root coroutine, or the detached work that took its place. */
  override lateinit var scope: CoroutineScope

  val root: CallCoroutine
    get() = scope as CallCoroutine

  /** The exception mappers of the groups around the handler, the nearest first. */
  var mappers: MapperChain? = null

  /** When, by the loop's clock, a head must be committed; a streaming body is bound to it until then. */
  var headDeadline: HeadDeadline? = null

  /** Streaming bodies that a handler or filter of this call returned. */
  var streams: Int = 0

  override suspend fun informational(status: Int, headers: Headers) = onLoop {
    exchange.informational(Status.of(status), headers)
  }

  override suspend fun push(target: String, headers: Headers): Boolean = onLoop { exchange.push(target, headers) }

  override fun onHead(edit: (ResponseHead) -> ResponseHead) = post { exchange.onHead(edit) }

  override fun onEnd(listener: (Outcome) -> Unit) = post { exchange.onEnd(listener) }

  private inline fun post(crossinline block: () -> Unit) {
    if (dispatcher.loop.inLoop()) block() else dispatcher.loop.execute { block() }
  }

  override suspend fun <T> onLoop(block: suspend () -> T): T =
    if (dispatcher.loop.inLoop()) block() else withContext(dispatcher) { block() }

  /** Makes a streaming body run in this call's root coroutine; other bodies pass. */
  fun bind(response: Response): Response {
    return when (val body = response.body()) {
      is StreamedBody -> body.bind(this, response)
      is UpgradedBody -> body.bind(this, response)
      else -> response
    }
  }

  /** The context of the root coroutine, which adds itself to this. */
  override fun plus(context: CoroutineContext): CoroutineContext =
    if (context is CallCoroutine) RootContext(this, context) else super<ThreadContextElement>.plus(context)

  /** Keeps the call alive; detached work is counted for itself, its call may be over. */
  fun hold(): Exchange.Hold = if (isDetached) Exchange.Hold {} else exchange.hold()

  fun addLog(key: String, value: String) {
    LogContext.put(request, key, value)
    refreshLog()
  }

  /** After code that may have put entries: a Java filter behind us. */
  fun refreshLog() {
    log = LogContext.of(request)
  }

  override fun updateThreadContext(context: CoroutineContext): Map<String, String>? = LogContext.install(log)

  override fun restoreThreadContext(context: CoroutineContext, oldState: Map<String, String>?) =
    LogContext.restore(oldState)

  companion object Key : CoroutineContext.Key<CallContext>
}
