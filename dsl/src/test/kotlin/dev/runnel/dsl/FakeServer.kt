package dev.runnel.dsl

import dev.runnel.engine.Blocking
import dev.runnel.engine.Exchange
import dev.runnel.engine.ServerContext
import dev.runnel.http.Request
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Supplier

/** A server of so many threads, whose detached work the test can see. */
class FakeServer(private val blockingCalls: Int = 10) : ServerContext, Blocking {
  private val shared = ConcurrentHashMap<Request.Key<*>, Any>()
  private val running = AtomicInteger()
  val detached = LinkedHashMap<Exchange.Hold, Runnable>()
  var stopped = false

  override fun blocking(): Blocking = this

  override fun <T> run(task: Callable<T>, then: Blocking.Then<T>): Blocking.Task {
    if (running.incrementAndGet() > blockingCalls) {
      running.decrementAndGet()
      throw RejectedExecutionException()
    }
    val thread = Thread {
      val result = runCatching { task.call() }
      running.decrementAndGet()
      then.ended(result.getOrNull(), result.exceptionOrNull())
    }
    thread.isDaemon = true
    thread.start()
    return Blocking.Task { thread.interrupt() }
  }

  override fun active(): Int = running.get()

  @Suppress("UNCHECKED_CAST")
  override fun <T : Any> shared(key: Request.Key<T>, make: Supplier<T>): T =
    shared.computeIfAbsent(key) { make.get() } as T

  override fun detached(cancel: Runnable): Exchange.Hold {
    check(!stopped) { "the server has stopped" }
    val hold =
      object : Exchange.Hold {
        override fun release() {
          detached.remove(this)
        }
      }
    detached[hold] = cancel
    return hold
  }

  override fun isStopping(): Boolean = stopped

  override fun devMode(): Boolean = false
}
