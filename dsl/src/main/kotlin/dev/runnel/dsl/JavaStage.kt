package dev.runnel.dsl

import dev.runnel.engine.CallCancelledException
import dev.runnel.engine.CancelCause
import dev.runnel.engine.ForwardingExchange
import dev.runnel.engine.Handler
import dev.runnel.http.Body
import dev.runnel.http.BodyWriter
import dev.runnel.http.Headers
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.Status
import java.util.function.Consumer
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import org.slf4j.LoggerFactory

/** A Java handler behind a Kotlin filter: whatever way it answers, the filter gets a value or an exception. */
internal class JavaStage(private val handler: Handler) : Stage {
  override suspend fun run(call: CallContext, request: Request): Response = call.onLoop {
    suspendCancellableCoroutine { continuation ->
      val captured = CapturedExchange(call, request, continuation)
      continuation.invokeOnCancellation { captured.abandon() }
      try {
        handler.handle(captured)
      } catch (e: Throwable) {
        captured.fail(e)
      }
    }
  }
}

/** The call as the Java handler sees it: its answer resumes the filter instead of going to the client. */
private class CapturedExchange(
  private val context: CallContext,
  private val view: Request,
  private val continuation: CancellableContinuation<Response>,
) : ForwardingExchange(context.exchange) {
  private val listeners = ArrayList<Consumer<CancelCause>>(1)
  private var pipe: PipedBody? = null
  private var answered = false
  private var abandoned = false

  override fun request(): Request = view

  override fun respond(response: Response) {
    check(!answered) { "the call was answered already" }
    answered = true
    context.refreshLog()
    if (continuation.isActive) {
      continuation.resume(response) { _, undelivered, _ -> undelivered.body().discard() }
    } else {
      response.body().discard()
    }
  }

  override fun respond(status: Status, headers: Headers): BodyWriter {
    cancelled()?.let { throw CallCancelledException(it) }
    val body = PipedBody(call())
    pipe = body
    respond(Response.of(status).headers(headers).body(body))
    return body
  }

  override fun fail(error: Throwable) {
    val body = pipe
    when {
      !answered -> {
        answered = true
        if (continuation.isActive) continuation.resumeWithException(error)
      }
      body != null && body.failed(error) -> Unit
      context.root.handedOver -> context.root.foreignBodyFailed(error)
      else -> LOG.warn("{} failed after it was answered", view.id(), error)
    }
  }

  /** Nobody waits for the answer: the whole call was cancelled, or a filter gave this part of it up. */
  fun abandon() {
    val loop = loop()
    if (loop.inLoop()) tellAbandoned() else loop.execute(::tellAbandoned)
  }

  private fun tellAbandoned() {
    if (answered || call().cancelled() != null) return
    abandoned = true
    tell(CancelCause.TIMEOUT)
  }

  override fun onCancel(listener: Consumer<CancelCause>) {
    val cause = cancelled()
    if (cause != null) {
      listener.accept(cause)
      return
    }
    if (listeners.isEmpty()) call().onCancel(::tell)
    listeners.add(listener)
  }

  private fun tell(cause: CancelCause) {
    val told = listeners.toList()
    listeners.clear()
    told.forEach { it.accept(cause) }
  }

  override fun cancelled(): CancelCause? = if (abandoned) CancelCause.TIMEOUT else call().cancelled()

  private companion object {
    val LOG = LoggerFactory.getLogger("runnel.call")
  }
}

internal fun Body.discard() = Body.discard(this)
