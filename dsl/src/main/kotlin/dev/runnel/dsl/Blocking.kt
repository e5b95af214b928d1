package dev.runnel.dsl

import dev.runnel.engine.Exchange
import dev.runnel.engine.Handlers
import dev.runnel.http.Request
import dev.runnel.http.Response
import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import org.slf4j.LoggerFactory

/**
 * Runs code that blocks: on a virtual thread (JDK 21 and later) or a bounded pool. If too many run already the answer
 * is 503 with Retry-After.
 *
 * A cancelled call goes on at once and drops the result, but the thread is left to end by itself, and the call counts
 * for a drain until it does: an interrupt within a shared FileChannel would close it for everybody.
 *
 * @param interruptible whether a cancelled call interrupts the thread
 * @throws dev.runnel.http.HttpError 503 if too many blocking calls run
 */
public suspend fun <T> blocking(interruptible: Boolean = false, block: () -> T): T {
  val call = currentCallContext()
  return call.onLoop {
    val hold = call.hold()
    suspendCancellableCoroutine { continuation ->
      val task =
        try {
          call.exchange.server().blocking().run({ runBlocking(call, block) }) { result, error ->
            // Both in one turn of the loop: each of them would ask for its own.
            call.dispatcher.dispatch(continuation.context) { resume(continuation, hold, result, error) }
          }
        } catch (e: RejectedExecutionException) {
          hold.release()
          throw Handlers.overloaded(e)
        }
      if (interruptible) continuation.invokeOnCancellation { task.interrupt() }
    }
  }
}

private fun <T> runBlocking(call: CallContext, block: () -> T): T {
  val before = call.updateThreadContext(call)
  try {
    return block()
  } finally {
    call.restoreThreadContext(call, before)
  }
}

private fun <T> resume(continuation: CancellableContinuation<T>, hold: Exchange.Hold, result: T?, error: Throwable?) {
  try {
    if (error != null) {
      continuation.resumeWithException(error)
    } else {
      @Suppress("UNCHECKED_CAST") // null only where T has null
      continuation.resume(result as T) { _, undelivered, _ -> (undelivered as? Response)?.body()?.discard() }
    }
  } finally {
    hold.release()
  }
}

/**
 * Starts work that outlives the call and its client, in the scope of the server. A drain waits for it and cancels it at
 * its deadline; if it fails, that is logged. It runs on the call's loop, so it must not block. What it launches in the
 * receiver belongs to it.
 *
 * @throws IllegalStateException after the server has stopped
 */
public suspend fun detached(block: suspend CoroutineScope.() -> Unit) {
  val call = currentCallContext()
  val server = call.exchange.server()
  val work = CallContext(call.exchange, call.dispatcher, isDetached = true)
  work.request = call.request
  val supervisor = server.shared(DETACHED) { SupervisorJob() }
  val scope = CoroutineScope(supervisor + call.dispatcher + work + logFailure(call.request))
  val job = scope.launch(start = CoroutineStart.LAZY) { runDetached(work, block) }
  val hold =
    try {
      server.detached { job.cancel(ServerStopping()) }
    } catch (e: IllegalStateException) {
      job.cancel()
      throw e
    }
  job.invokeOnCompletion { hold.release() }
  job.start()
}

private suspend fun CoroutineScope.runDetached(work: CallContext, block: suspend CoroutineScope.() -> Unit) {
  work.scope = this
  try {
    block()
  } catch (e: CancellationException) {
    if (!isActive) throw e
    // Somebody else's cancellation: the work failed, and without this line nobody would ever know.
    LOG.error("{} failed in its detached work", work.request.id(), e)
  }
}

private fun logFailure(request: Request) = CoroutineExceptionHandler { _, e ->
  LOG.error("{} failed in its detached work", request.id(), e)
}

private val DETACHED: Request.Key<Job> = Request.Key.of("detached work")

private val LOG = LoggerFactory.getLogger("runnel.call")
