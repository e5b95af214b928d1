package dev.runnel.testkit

import dev.runnel.engine.Handler
import dev.runnel.memory.WireFaults
import dev.runnel.routing.Router
import dev.runnel.routing.Routes
import kotlin.coroutines.ContinuationInterceptor
import kotlin.time.Duration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestCoroutineScheduler
import kotlinx.coroutines.test.TestDispatcher
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext

/** Sockets on loopback and the wall clock, for `transport =`. */
public val tcp: TestOptions.Transport = TestOptions.Transport.TCP

/** Wires in memory and virtual time, for `transport =`. */
public val memory: TestOptions.Transport = TestOptions.Transport.MEMORY

/**
 * Starts a server of these routes, runs the block with clients of it, and checks that nothing is left.
 *
 * In memory all runs on the thread of the test under the clock of kotlinx-coroutines-test: that of `runTest` where the
 * caller is in one, else an own. `delay` and `withTimeout` in handlers and in the test, time limits of the engine,
 * heartbeats, pings and drains have that one clock. What a handler runs on dispatchers of its own (`Dispatchers.IO`)
 * keeps the wall clock; `blocking { }` is in step.
 *
 * A failure brings the seed, the virtual time and what was on the wires.
 *
 * @param faults what happens to each connection
 * @param transport [memory] or [tcp]
 * @param options all else
 */
public suspend fun testServer(
  routes: Routes,
  faults: WireFaults? = null,
  transport: TestOptions.Transport = memory,
  options: TestOptions = TestOptions.DEFAULT,
  block: suspend ServerTest.() -> Unit,
): Unit = testServer(Router.of(routes), faults, transport, options, block)

/** Like the other [testServer], for any handler. */
public suspend fun testServer(
  handler: Handler,
  faults: WireFaults? = null,
  transport: TestOptions.Transport = memory,
  options: TestOptions = TestOptions.DEFAULT,
  block: suspend ServerTest.() -> Unit,
) {
  val chosen = options.withTransport(transport).let { if (faults == null) it else it.withFaults(faults) }
  val scheduler = currentCoroutineContext()[TestCoroutineScheduler]
  when {
    transport == tcp -> withContext(Dispatchers.Default) { onTcp(handler, chosen, block) }
    scheduler != null -> inMemory(handler, chosen, scheduler, block)
    else -> runTest(timeout = WALL_LIMIT) { inMemory(handler, chosen, testScheduler, block) }
  }
}

private val WALL_LIMIT = Duration.parse("2m")

private suspend fun onTcp(handler: Handler, options: TestOptions, block: suspend ServerTest.() -> Unit) {
  val server = TestServer(options, TcpGround(handler, options))
  running(server, options, block)
}

private suspend fun inMemory(
  handler: Handler,
  options: TestOptions,
  scheduler: TestCoroutineScheduler,
  block: suspend ServerTest.() -> Unit,
) {
  val dispatcher =
    currentCoroutineContext()[ContinuationInterceptor] as? TestDispatcher ?: StandardTestDispatcher(scheduler)
  val alarms = CoroutineScope(dispatcher + Job())
  val driver = SchedulerDriver(scheduler, dispatcher, alarms)
  val server = TestServer(options, MemoryGround(handler, options, driver, driver::on))
  try {
    running(server, options, block)
  } finally {
    driver.close()
    withContext(NonCancellable) { alarms.coroutineContext[Job]?.cancelAndJoin() }
  }
}

private suspend fun running(server: TestServer, options: TestOptions, block: suspend ServerTest.() -> Unit) {
  val failure = runCatching {
    coroutineScope {
      val children = Job(currentCoroutineContext()[Job])
      try {
        ServerTest(server, options, CoroutineScope(currentCoroutineContext() + children)).block()
      } finally {
        children.cancel()
      }
    }
  }
    .exceptionOrNull()
  val atEnd = runCatching { server.close() }.exceptionOrNull()
  if (failure != null) {
    atEnd?.let { failure.addSuppressed(it) }
    throw server.failure(failure)
  }
  atEnd?.let { throw it }
}
