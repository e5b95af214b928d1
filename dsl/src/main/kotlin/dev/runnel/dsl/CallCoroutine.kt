package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import dev.runnel.engine.Exchange
import dev.runnel.http.Body
import dev.runnel.http.Headers
import dev.runnel.http.Response
import java.util.function.Consumer
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import org.slf4j.LoggerFactory

/**
 * The root coroutine of a call: runs the stages, hands over the answer, writes a streaming body. The answer goes out
 * when the stages return; the call lives on, by a hold on the exchange, until all coroutines launched in it are done.
 *
 * It has no parent Job: the exchange plays that part. Its cancellation arrives at [accept] and is the only one that
 * means "nobody waits for an answer"; every other exception, also a CancellationException, is a failure of the handler.
 */
@OptIn(InternalCoroutinesApi::class)
internal class CallCoroutine(private val call: CallContext, private val stage: Stage) :
  AbstractCoroutine<Unit>(call, initParentJob = false, active = true), Consumer<CancelCause> {
  private val exchange: Exchange
    get() = call.exchange

  // Taken from the start: to ask the Job for children when the answer leaves costs more (measured: 160 bytes a call).
  private val hold: Exchange.Hold = exchange.hold()
  @Volatile private var reported: Throwable? = null

  /** What the answer's body asks for; made when a body needs this coroutine. */
  val bodies: BodyEvents
    get() = bodiesIfAny ?: BodyEvents(exchange).also { bodiesIfAny = it }

  private var bodiesIfAny: BodyEvents? = null

  /** Whether the answer has left the stages. */
  var handedOver: Boolean = false
    private set

  fun begin() {
    call.scope = this
    exchange.onCancel(this)
    start(CoroutineStart.UNDISPATCHED, this, ANSWER)
  }

  /** The exchange was cancelled. A handler may need its time to end; until then the call counts. */
  override fun accept(cause: CancelCause) {
    if (!isCompleted) cancel(cause.toCancellation())
  }

  @Suppress("NOTHING_TO_INLINE") // one continuation for each call instead of two, 40 bytes
  private suspend inline fun answer() {
    val trailers =
      try {
        val response = guardForeign(call.bind(runStages()))
        childFailure()?.let { throw it }
        handedOver = true
        exchange.respond(response)
        response.trailers()
      } catch (e: Throwable) {
        failed(e)
        null
      }
    if (call.streams > 0) writeBodies { trailers?.get() ?: Headers.EMPTY }
  }

  /** What they throw themselves all groups have seen that it concerns. */
  @Suppress("NOTHING_TO_INLINE")
  private suspend inline fun runStages(): Response =
    try {
      stage.run(call, exchange.request())
    } catch (e: Throwable) {
      call.mappers = null
      throw e
    }

  /**
   * A body of a Java handler writes itself. It only concerns us where a mapper or a deadline may replace its answer
   * before the first byte.
   */
  private fun guardForeign(response: Response): Response {
    val body = response.body()
    if (body !is Body.Producer || call.streams > 0) return response
    if (call.mappers == null && call.headDeadline == null) return response
    call.streams++
    return response.body(GuardedProducer(body, bodies))
  }

  /** Runs what the answer's body asks for until the answer has ended. */
  private suspend fun writeBodies(trailers: () -> Headers) {
    call.headDeadline?.arm(exchange) { bodies.fail(it) }
    while (true) {
      when (val event = bodies.next()) {
        is BodyEvent.Run -> write(event, trailers)
        is BodyEvent.Failed -> failed(event.error)
        BodyEvent.Over -> return
      }
    }
  }

  private suspend fun write(body: BodyEvent.Run, trailers: () -> Headers) {
    try {
      if (call.headDeadline == null) body.run() else bodies.untilFailed { body.run() }
      childFailure()?.let { throw it }
      body.end(trailers())
    } catch (e: Throwable) {
      failed(e)
    }
  }

  /** The stages or the body failed. The groups' mappers still have a say unless they had it already. */
  private suspend fun failed(thrown: Throwable) {
    if (exchange.cancelled() != null) {
      if (thrown !is CancellationException) LOG.debug("{} failed after its end", call.request.id(), thrown)
      return
    }
    val error = causeOf(thrown)
    markReported(error)
    exchange.fail(if (exchange.isCommitted()) error else mapped(error))
  }

  private suspend fun mapped(error: Throwable): Throwable {
    if (error is Rejection) return MappedError(call.bind(error.toResponse()), error)
    val mappers = call.mappers ?: return error
    return try {
      // The Job may be cancelled by a failed child; the mapper shall still be able to suspend.
      val mapped = withContext(NonCancellable) { mappers.map(error) } ?: return error
      call.mappers = mapped.outer
      MappedError(call.bind(mapped.response), error)
    } catch (e: Throwable) {
      e
    }
  }

  /** A body that writes itself failed behind the stages. */
  fun foreignBodyFailed(error: Throwable) {
    val watched = call.streams > 0 && bodies.fail(error)
    if (!watched) exchange.fail(error)
  }

  /** What really failed: a cancelled scope of ours gives way to the exception of the child that cancelled it. */
  fun causeOf(thrown: Throwable): Throwable = if (thrown is CancellationException) childError() ?: thrown else thrown

  /** The error of a failed child that nobody dealt with yet. */
  private fun childFailure(): Throwable? = childError().takeIf { it !== reported }

  private fun childError(): Throwable? {
    if (!isCancelled || exchange.cancelled() != null) return null
    var cause: Throwable? = getCancellationException()
    while (cause is CancellationException) cause = cause.cause
    return cause
  }

  /** This error became an answer: it shall not be told again when the Job completes. */
  fun markReported(error: Throwable) {
    reported = error
  }

  override fun onCompleted(value: Unit) {
    hold.release()
  }

  override fun onCancelled(cause: Throwable, handled: Boolean) {
    if (cause !is CancellationException && cause !== reported) {
      val request = call.request
      LOG.error("{} failed behind its answer: {} {}", request.id(), request.method(), request.rawPath(), cause)
    }
    hold.release()
  }

  override fun cancellationExceptionMessage(): String = "a coroutine of the call failed"

  private companion object {
    val LOG = LoggerFactory.getLogger("runnel.call")

    val ANSWER: suspend CallCoroutine.() -> Unit = { answer() }
  }
}
