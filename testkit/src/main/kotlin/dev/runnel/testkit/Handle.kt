package dev.runnel.testkit

import dev.runnel.dsl.onOutermostEnd
import dev.runnel.engine.Handler
import dev.runnel.engine.ServerOptions
import dev.runnel.http.Body
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Routes
import dev.runnel.transport.memory.DirectCalls
import kotlin.coroutines.resumeWithException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Has the request answered by these routes, without a server: what comes is what routing, filters, error mapping and
 * the router itself have to say, without framing. A stream is written while its body is read, with back-pressure, and
 * cancelled when the body is discarded or when the outermost coroutine around this ends.
 *
 * Everything runs in the caller's context. Under `runTest` the handler's `delay` and all time limits go by the test's
 * virtual time, which stands while `blocking { }` or a blocking handler of Java runs. What a handler runs on
 * dispatchers of its own keeps the wall clock.
 *
 * @param request see [TestRequest]; its body may be of any kind and is begun when the handler asks for it
 * @param options limits of bodies and of blocking calls, observers, trusted proxies and the mode for developers count;
 *   the others are for connections
 * @param patience how long, by the wall clock, nothing of the call may run while somebody waits for it and no timer is
 *   set
 * @throws IllegalStateException if nothing is left to run, with what the handler waits for if that is known
 * @throws dev.runnel.transport.ClientException if the handler takes the connection over, the answer is broken off
 *   before its head, or the body of the request fails
 */
public suspend fun Routes.handle(
  request: Request,
  options: ServerOptions = ServerOptions.DEFAULT,
  patience: Duration = DEFAULT_PATIENCE,
): Response = handler().handle(request, options, patience)

/** Like the other [handle], for a router with options of its own, or any handler. */
public suspend fun Handler.handle(
  request: Request,
  options: ServerOptions = ServerOptions.DEFAULT,
  patience: Duration = DEFAULT_PATIENCE,
): Response {
  val context = currentCoroutineContext()
  val loop = CoroutineLoop(context)
  val calls = DirectCalls(loop, this, options)
  loop.isBusy = calls::isBusy
  val call = begin(loop, calls, request)
  val watch = watch(loop, call, patience)
  val unused = context.onOutermostEnd {
    watch.cancel()
    loop.close(calls::stop, { isOver(calls) })
    check(isOver(calls)) { "$call did not end when its test did and it was cancelled: ${calls.left()}" }
  }
  val response = call.answer().await()
  val body = response.body()
  return if (body is Body.Source) response.body(SuspendingBody(body, response.headers(), loop)) else response
}

private fun isOver(calls: DirectCalls) = calls.open().isEmpty() && calls.detached() == 0

private fun DirectCalls.left() =
  if (open().isEmpty()) "${detached()} pieces of detached work run" else "code still runs on its behalf"

private suspend fun begin(loop: CoroutineLoop, calls: DirectCalls, request: Request): DirectCalls.Started =
  suspendCancellableCoroutine { waiting ->
    loop.execute {
      if (waiting.isActive) {
        try {
          waiting.resume(calls.start(request, TestRoutes::stopped)) { _, call, _ -> loop.execute(call::cancel) }
        } catch (e: Throwable) {
          waiting.resumeWithException(e)
        }
      }
    }
  }

/** Looks, by the wall clock, whether something still happens; ends with the call. */
private fun watch(loop: CoroutineLoop, call: DirectCalls.Started, patience: Duration): Job =
  CoroutineScope(Dispatchers.Default).launch {
    var seen = -1L
    while (!call.isOver) {
      if (loop.activity == seen && !loop.hasTimers) loop.execute { giveUpIfIdle(loop, call, patience) }
      seen = loop.activity
      delay(patience)
    }
  }

/** Behind all that is to be done: a task that ran for long may just have said what comes next. */
private fun giveUpIfIdle(loop: CoroutineLoop, call: DirectCalls.Started, patience: Duration) {
  val now = loop.activity
  loop.execute { if (loop.activity == now + 1) giveUpIfAwaited(call, patience) }
}

private fun giveUpIfAwaited(call: DirectCalls.Started, patience: Duration) {
  if (call.isAwaited) {
    val what = if (call.answer().isDone) "has an answer whose body does not go on" else "was not answered"
    call.stuck("$what, and nothing of it ran for $patience")
  }
}

private val DEFAULT_PATIENCE = 5.seconds
