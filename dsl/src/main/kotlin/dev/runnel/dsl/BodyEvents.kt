package dev.runnel.dsl

import dev.runnel.engine.Exchange
import dev.runnel.http.Headers
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import kotlinx.coroutines.suspendCancellableCoroutine

/** What the root coroutine is asked to do once the answer was handed over. */
internal sealed interface BodyEvent {
  /** The engine took the body and wants it written. */
  interface Run : BodyEvent {
    suspend fun run()

    fun end(trailers: Headers)
  }

  /** A body that writes itself failed, or the deadline of the answer's head passed. */
  class Failed(val error: Throwable) : BodyEvent

  /** The answer has ended: written, discarded or given up. */
  data object Over : BodyEvent
}

/** Carries events from the engine's callbacks to the root coroutine. On the loop only; holds one event at most. */
internal class BodyEvents(exchange: Exchange) {
  private var pending: BodyEvent? = null
  private var waiter: CancellableContinuation<BodyEvent>? = null
  private var writing: Job? = null
  private var failure: Throwable? = null

  /** Whether the answer has ended, whoever ended it. */
  var isOver: Boolean = false
    private set

  init {
    exchange.onEnd {
      isOver = true
      if (waiter != null) deliver(BodyEvent.Over)
    }
  }

  /** The next event; at once if it came already. */
  suspend fun next(): BodyEvent {
    pending?.let {
      pending = null
      return it
    }
    if (isOver) return BodyEvent.Over
    return suspendCancellableCoroutine { waiter = it }
  }

  fun run(task: BodyEvent.Run) = deliver(task)

  /** Ends the body that is being written, or wakes who waits; false if the answer is over. */
  @IgnorableReturnValue
  fun fail(error: Throwable): Boolean {
    if (isOver) return false
    val job = writing
    if (job == null) {
      deliver(BodyEvent.Failed(error))
    } else {
      failure = error
      job.cancel(RequestTimedOut())
    }
    return true
  }

  private fun deliver(event: BodyEvent) {
    val waiting = waiter
    waiter = null
    if (waiting != null && waiting.isActive) waiting.resume(event) else pending = event
  }

  /** Runs the writing in a scope of its own, which [fail] can end without ending the call. */
  suspend fun untilFailed(write: suspend () -> Unit) {
    try {
      coroutineScope {
        writing = coroutineContext.job
        write()
      }
    } catch (e: Throwable) {
      throw failure ?: e
    } finally {
      writing = null
    }
  }
}
