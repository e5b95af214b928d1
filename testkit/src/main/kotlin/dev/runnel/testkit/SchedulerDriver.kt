@file:OptIn(ExperimentalCoroutinesApi::class)

package dev.runnel.testkit

import dev.runnel.memory.MemoryClock
import java.time.Duration as JavaDuration
import java.util.function.BooleanSupplier
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.TestDispatcher

/**
 * The clock of kotlinx-coroutines-test behind the network: the loop runs as a task of the scheduler, and its next timer
 * is one of the scheduler's delays. Milliseconds are its grain; a timer between two comes at the later one, never
 * early.
 */
internal class SchedulerDriver(
  private val scheduler: TestCoroutineScheduler,
  private val dispatcher: TestDispatcher,
  private val scope: CoroutineScope,
) : Driver, MemoryClock {
  private lateinit var ground: MemoryGround
  private val pumping = Pending({ dispatcher.dispatch(EmptyCoroutineContext, it) }, ::pump)
  private var alarm: Job? = null
  private var alarmAt = Long.MAX_VALUE
  private var closed = false
  private var byHand = 0

  fun on(made: MemoryGround): Driver {
    ground = made
    return this
  }

  fun close() {
    closed = true
    alarm?.cancel()
    alarm = null
  }

  override fun nanoTime(): Long = scheduler.currentTime * NANOS

  override fun wake() = pumping.ask()

  private fun pump() {
    if (closed) return
    val unused = ground.run()
    standStill()
  }

  /**
   * As long as blocking code waits for what is not ours there is always something to do now, so that the scheduler does
   * not go on to what comes later. Whoever lets time pass by hand means it.
   */
  private fun standStill() {
    if (byHand == 0 && ground.timeStands()) wake()
  }

  private inline fun <T> byHand(block: () -> T): T {
    byHand++
    try {
      return block()
    } finally {
      byHand--
    }
  }

  override fun alarm(nanoTime: Long) {
    val at = if (nanoTime == Long.MAX_VALUE) nanoTime else -Math.floorDiv(-nanoTime, NANOS)
    if (closed || (at == alarmAt && alarm?.isActive == true)) return
    alarm?.cancel()
    alarmAt = at
    alarm =
      if (at == Long.MAX_VALUE) null
      else
        scope.launch(dispatcher) {
          delay(at - scheduler.currentTime)
          alarmAt = Long.MAX_VALUE
          pump()
        }
  }

  override fun run() {
    byHand {
      scheduler.runCurrent()
      val unused = ground.run()
      scheduler.runCurrent()
    }
    wake()
  }

  override fun advance(time: JavaDuration) {
    require(!time.isNegative) { "time does not go back by $time" }
    byHand { scheduler.advanceTimeBy(time.toMillis()) }
    run()
  }

  override fun until(condition: BooleanSupplier, limit: JavaDuration): Boolean {
    val end = scheduler.currentTime + limit.toMillis()
    run()
    while (!condition.asBoolean) {
      if (ground.timeStands()) {
        run()
        continue
      }
      if (scheduler.currentTime >= end) return false
      advance(JavaDuration.ofMillis(step(end)))
    }
    return true
  }

  /** To what comes next here, or a little where coroutines of the test may come before. */
  private fun step(end: Long): Long {
    val next = ground.nextTimer()
    val ours = if (next == Long.MAX_VALUE) LOOK else -Math.floorDiv(-next, NANOS) - scheduler.currentTime
    return ours.coerceIn(1, LOOK).coerceAtMost(end - scheduler.currentTime)
  }

  private companion object {
    const val NANOS = 1_000_000L
    const val LOOK = 10L
  }
}
