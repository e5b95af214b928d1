package dev.runnel.testkit

import dev.runnel.io.Loop
import java.time.Duration
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.time.TimeSource
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestDispatcher
import kotlinx.coroutines.yield

/**
 * A loop in the coroutine context of a test: its tasks are run by that context's dispatcher, one at a time, and its
 * timers and clock are those of its scheduler. Under a [TestDispatcher] time is virtual, and stands while blocking code
 * runs; else it is the wall's.
 *
 * Its coroutines are no children of the test's, which would otherwise wait for the timers of a stream without an end.
 */
@OptIn(ExperimentalCoroutinesApi::class)
internal class CoroutineLoop(context: CoroutineContext) : Loop {
  private val scheduler = (context[ContinuationInterceptor] as? TestDispatcher)?.scheduler
  private val scope = CoroutineScope(context.minusKey(Job) + SupervisorJob())
  private val queue = LinkedBlockingQueue<Runnable>()
  private val draining = AtomicBoolean()
  private val turn = ReentrantLock()
  private val started = TimeSource.Monotonic.markNow()
  private val waitingTimers = AtomicInteger()
  private val ran = AtomicLong()
  @Volatile private var runner: Thread? = null
  @Volatile private var closed = false
  @Volatile private var home: Thread? = null

  /** Whether blocking code runs that will say something by itself; asked on the loop. */
  var isBusy: () -> Boolean = { false }

  /** How many tasks ran so far. */
  val activity: Long
    get() = ran.get()

  /** Whether time alone brings something. */
  val hasTimers: Boolean
    get() = waitingTimers.get() > 0

  /** Whether a thread that blocks here would stop the loop. */
  val isHome: Boolean
    get() = Thread.currentThread() === home

  override fun execute(task: Runnable) {
    queue.add(task)
    if (closed) drainHere() else if (draining.compareAndSet(false, true)) launchDrain()
  }

  @IgnorableReturnValue private fun launchDrain(): Job = scope.launch { drain() }

  override fun inLoop(): Boolean = Thread.currentThread() === runner

  override fun nanoTime(): Long =
    scheduler?.let { it.currentTime * NANOS_PER_MILLI } ?: started.elapsedNow().inWholeNanoseconds

  override fun schedule(task: Runnable, delay: Duration): Loop.Timer {
    val cancelled = AtomicBoolean()
    waitingTimers.incrementAndGet()
    val waiting =
      scope.launch(start = CoroutineStart.UNDISPATCHED) {
        delay(delay.toKotlinDuration())
        execute { if (!cancelled.get()) task.run() }
      }
    val unused = waiting.invokeOnCompletion { waitingTimers.decrementAndGet() }
    return Loop.Timer {
      cancelled.set(true)
      waiting.cancel()
    }
  }

  private suspend fun drain() {
    while (true) {
      // No more than there are now: what always queues itself again must not keep the test from running.
      repeat(queue.size) { queue.poll()?.let(::run) }
      when {
        queue.isNotEmpty() -> yield()
        scheduler != null && enter { isBusy() } -> {
          // While something is to be done at this virtual time, it does not move on.
          queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS)?.let(::run)
          yield()
        }
        else -> {
          draining.set(false)
          if (queue.isEmpty() || !draining.compareAndSet(false, true)) return
        }
      }
    }
  }

  private fun run(task: Runnable) {
    ran.incrementAndGet()
    try {
      enter { task.run() }
    } catch (e: Throwable) {
      // The next task must run; the test's handler of exceptions is told.
      val unused = scope.launch { throw e }
    }
  }

  private fun <T> enter(block: () -> T): T = turn.withLock {
    val before = runner
    runner = Thread.currentThread()
    home = runner
    try {
      block()
    } finally {
      runner = before
    }
  }

  /** The test has ended, and its dispatcher runs nothing any more: what is left runs where it comes from. */
  fun close(last: () -> Unit, isOver: () -> Boolean) {
    closed = true
    enter(last)
    drainHere()
    // Only blocking threads are waited for; they are told through what they wait for.
    var looks = 0
    while (!enter(isOver) && enter { isBusy() } && looks++ < MOST_LOOKS) {
      queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS)?.let(::run)
      drainHere()
    }
    scope.cancel()
  }

  private fun drainHere() {
    if (turn.isHeldByCurrentThread) return // the task that runs now is followed by this one
    turn.withLock { while (true) run(queue.poll() ?: return) }
  }

  private companion object {
    const val NANOS_PER_MILLI = 1_000_000L
    const val LOOK_MILLIS = 1L
    const val MOST_LOOKS = 5_000
  }
}
