package dev.runnel.dsl

import dev.runnel.io.Loop
import java.time.Duration
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.cancel

/**
 * Runs coroutines on a [Loop]: in place when already there, else with one `execute`. `delay` and `withTimeout` go
 * through [Loop.schedule], so that they and every timer of the engine share one clock.
 *
 * [Delay] is internal API of kotlinx.coroutines, without a public way to the same end; this is the only file of ours
 * that uses it.
 */
@OptIn(InternalCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal class LoopDispatcher private constructor(val loop: Loop) : CoroutineDispatcher(), Delay {
  override fun isDispatchNeeded(context: CoroutineContext): Boolean = !loop.inLoop()

  override fun dispatch(context: CoroutineContext, block: Runnable) {
    try {
      loop.execute(block)
    } catch (e: RejectedExecutionException) {
      // The loop has ended. A coroutine that is never resumed would not even run its finally blocks.
      context.cancel(CancellationException("the event loop has ended", e))
      Dispatchers.IO.dispatch(context, block)
    }
  }

  override fun scheduleResumeAfterDelay(timeMillis: Long, continuation: CancellableContinuation<Unit>) {
    val timer = loop.schedule({ with(continuation) { resumeUndispatched(Unit) } }, duration(timeMillis))
    continuation.invokeOnCancellation { timer.cancel() }
  }

  override fun invokeOnTimeout(timeMillis: Long, block: Runnable, context: CoroutineContext): DisposableHandle {
    val timer = loop.schedule(block, duration(timeMillis))
    return DisposableHandle { timer.cancel() }
  }

  /** Two of one loop are one dispatcher, so that `withContext` between them stays in place. */
  override fun equals(other: Any?): Boolean = other is LoopDispatcher && other.loop === loop

  override fun hashCode(): Int = System.identityHashCode(loop)

  override fun toString(): String = "LoopDispatcher($loop)"

  companion object {
    /** A timer of more nanoseconds than a Long holds would fire at once. */
    private const val LONGEST_MILLIS = Long.MAX_VALUE / 2_000_000

    // One slot is enough: a thread runs one loop at a time. A map of loops would keep those of stopped servers.
    private val ofThisThread = ThreadLocal<LoopDispatcher>()

    /** The dispatcher of a loop. Cheap on the loop itself. */
    fun of(loop: Loop): LoopDispatcher {
      val known = ofThisThread.get()
      if (known != null && known.loop === loop) return known
      val made = LoopDispatcher(loop)
      if (loop.inLoop()) ofThisThread.set(made)
      return made
    }

    private fun duration(millis: Long) = Duration.ofMillis(millis.coerceAtMost(LONGEST_MILLIS))
  }
}
