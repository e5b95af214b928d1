package dev.runnel.dsl

import dev.runnel.io.Loop
import dev.runnel.server.Eventually
import java.time.Duration
import java.util.PriorityQueue
import java.util.concurrent.LinkedBlockingQueue
import kotlin.time.toJavaDuration

/** A loop on the thread that made it, under a clock that only [advance] moves. */
class FakeLoop : Loop {
  private class Entry(val due: Long, val order: Long, val task: Runnable)

  private val thread = Thread.currentThread()
  private val tasks = LinkedBlockingQueue<Runnable>()
  private val timers = PriorityQueue<Entry>(compareBy({ it.due }, { it.order }))
  private var now = 1_000_000_000L
  private var order = 0L

  /** How many tasks came through [execute]. */
  @Volatile
  var executed = 0
    private set

  override fun execute(task: Runnable) {
    executed++
    tasks.add(task)
  }

  override fun inLoop(): Boolean = Thread.currentThread() === thread

  override fun schedule(task: Runnable, delay: Duration): Loop.Timer {
    val entry = Entry(now + delay.toNanos(), order++, task)
    synchronized(timers) { timers.add(entry) }
    return Loop.Timer { synchronized(timers) { timers.remove(entry) } }
  }

  override fun nanoTime(): Long = now

  val pendingTimers: Int
    get() = synchronized(timers) { timers.size }

  /** Runs what was queued, and what that queues. */
  fun runQueued() {
    while (true) (tasks.poll() ?: return).run()
  }

  /** Lets time pass, timer by timer. */
  fun advance(by: kotlin.time.Duration) {
    val until = now + by.toJavaDuration().toNanos()
    runQueued()
    while (true) {
      val next = synchronized(timers) { timers.peek()?.takeIf { it.due <= until }?.also { timers.remove(it) } } ?: break
      now = next.due
      next.task.run()
      runQueued()
    }
    now = until
  }

  /** Runs tasks that other threads send, until the condition holds. */
  fun runUntil(condition: () -> Boolean) {
    Eventually.until(
      {
        runQueued()
        condition()
      },
      "what other threads send",
    )
  }
}
