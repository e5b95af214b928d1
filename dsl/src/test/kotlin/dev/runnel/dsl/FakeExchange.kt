package dev.runnel.dsl

import dev.runnel.engine.CallCancelledException
import dev.runnel.engine.CallProducer
import dev.runnel.engine.CallSettings
import dev.runnel.engine.CancelCause
import dev.runnel.engine.Exchange
import dev.runnel.engine.Handler
import dev.runnel.engine.Outcome
import dev.runnel.engine.RouteMatch
import dev.runnel.engine.ServerContext
import dev.runnel.http.Body
import dev.runnel.http.BodyReader
import dev.runnel.http.BodyWriter
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Method
import dev.runnel.http.Problem
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.ResponseHead
import dev.runnel.http.Status
import dev.runnel.io.Bytes
import dev.runnel.io.Loop
import java.util.concurrent.atomic.AtomicInteger
import java.util.function.Consumer
import java.util.function.UnaryOperator

/** A call without a wire, by the rules of [Exchange] and of the engine's own implementation. */
class FakeExchange(
  val loop: FakeLoop = FakeLoop(),
  method: String = "GET",
  target: String = "/",
  headers: Headers = Headers.EMPTY,
  val server: FakeServer = FakeServer(),
) : Exchange, CallSettings {
  val body = FakeBody(loop, headers.get("Content-Type"))
  val request = FakeRequest(loop, Method.of(method), target, headers, body)

  private val cancelListeners = ArrayList<Consumer<CancelCause>>()
  private val endListeners = ArrayList<Consumer<Outcome>>()
  private val edits = ArrayList<UnaryOperator<ResponseHead>>()
  private var writer: FakeWriter? = null
  private var answered = false
  private var cancelled: CancelCause? = null
  private var error: Throwable? = null
  private var outcome: Outcome? = null
  private val holds = AtomicInteger()

  /** The head that was sent. */
  var head: ResponseHead? = null
    private set

  /** The body that was sent. */
  val sent = StringBuilder()

  /** The errors given to [fail] before, and after, the end. */
  val failures = ArrayList<Throwable>()
  val lateFailures = ArrayList<Throwable>()
  val informational = ArrayList<Status>()
  var aborted = false
    private set

  /** Whether the peer takes bytes. */
  var writable = true
    set(value) {
      field = value
      if (value) writer?.wake()
    }

  val status: Int?
    get() = head?.status()?.code()

  val isOver: Boolean
    get() = outcome != null

  /** Whether the call still counts for a drain. */
  val isAlive: Boolean
    get() = outcome == null || holds.get() > 0

  fun header(name: String): String? = head?.headers()?.get(name)

  /** Runs a handler as the engine does. */
  fun handle(handler: Handler): FakeExchange {
    try {
      handler.handle(this)
    } catch (e: Throwable) {
      fail(e)
    }
    return this
  }

  override fun onStop(listener: Runnable) = Unit

  override fun cancel(cause: CancelCause) {
    if (cancelled != null || !isAlive) return
    if (outcome != null) {
      cancelled = cause
      tellCancelled(cause)
    } else {
      abort(cause)
    }
  }

  private fun abort(cause: CancelCause) {
    cancelled = cause
    body.fail(CallCancelledException(cause))
    tellCancelled(cause)
    aborted = head != null
    writer?.wake()
    end()
  }

  private fun tellCancelled(cause: CancelCause) {
    val told = cancelListeners.toList()
    cancelListeners.clear()
    told.forEach { it.accept(cause) }
  }

  private fun end() {
    val result = Outcome(status ?: 499, 0, sent.length.toLong(), 1_234_567, cancelled, error)
    outcome = result
    val told = endListeners.toList()
    endListeners.clear()
    told.forEach { it.accept(result) }
  }

  private fun checkLoop() = check(loop.inLoop()) { "a call is only touched on its loop" }

  override fun request(): Request = request

  override fun body(): BodyReader = request.body().reader()

  override fun informational(status: Status, headers: Headers) {
    checkLoop()
    informational += status
  }

  override fun respond(response: Response) {
    checkLoop()
    val body = response.body()
    if (cancelled != null) return body.discard()
    check(!answered) { "the call was answered already" }
    answered = true
    val head = ResponseHead(response.status(), response.headers())
    when {
      body is Body.Whole -> {
        commit(head)
        if (request.method() != Method.HEAD) sent.append(body.bytes().utf8())
        end()
      }
      request.method() == Method.HEAD || response.status().forbidsBody() -> {
        body.discard()
        commit(head)
        end()
      }
      body is Body.Producer -> produce(body, FakeWriter(head).also { writer = it })
      else -> error("not in this fake: $body")
    }
  }

  private fun produce(body: Body.Producer, writer: FakeWriter) {
    try {
      if (body is CallProducer) body.produce(this, writer) else body.produce(writer)
    } catch (e: Throwable) {
      fail(e)
    }
  }

  override fun respond(status: Status, headers: Headers): BodyWriter {
    checkLoop()
    cancelled?.let { throw CallCancelledException(it) }
    check(!answered) { "the call was answered already" }
    answered = true
    val made = FakeWriter(ResponseHead(status, headers))
    writer = made
    loop.execute { made.commitNow() }
    return made
  }

  override fun fail(error: Throwable) {
    checkLoop()
    if (cancelled != null || outcome != null) {
      lateFailures += error
      return
    }
    failures += error
    this.error = error
    if (head != null) return abort(CancelCause.FAILED)
    writer?.retract()
    writer = null
    answered = false
    val problem = Problem.of(Status.INTERNAL_SERVER_ERROR, null)
    respond(if (error is HttpError) error.toResponse() else problem.toResponse())
  }

  private fun commit(planned: ResponseHead) {
    head = edits.fold(planned) { head, edit -> edit.apply(head) }
  }

  override fun loop(): Loop = loop

  override fun onHead(edit: UnaryOperator<ResponseHead>) {
    checkLoop()
    edits += edit
  }

  override fun onCancel(listener: Consumer<CancelCause>) {
    checkLoop()
    cancelled?.let {
      return listener.accept(it)
    }
    cancelListeners += listener
  }

  override fun onEnd(listener: Consumer<Outcome>) {
    checkLoop()
    outcome?.let {
      return listener.accept(it)
    }
    endListeners += listener
  }

  override fun cancelled(): CancelCause? = cancelled

  override fun isCommitted(): Boolean = head != null

  override fun hold(): Exchange.Hold {
    checkLoop()
    check(isAlive) { "the call is over" }
    holds.incrementAndGet()
    var held = true
    return Exchange.Hold {
      if (held) holds.decrementAndGet()
      held = false
    }
  }

  override fun matched(match: RouteMatch) {
    request.match = match
  }

  override fun settings(): CallSettings = this

  override fun server(): ServerContext = server

  override fun bufferedBodyLimit(bytes: Long) {
    body.limit = bytes
  }

  override fun bufferedBodyLimit(): Long = body.limit

  override fun bodyLimit(bytes: Long) = Unit

  override fun onClientFin(policy: CallSettings.ClientFin) = Unit

  override fun requestId(id: String) {
    request.id = id
  }

  private inner class FakeWriter(private var held: ResponseHead?) : BodyWriter {
    private var waker: Runnable? = null
    private var ended = false

    fun commitNow() {
      held?.let { commit(it) }
      held = null
    }

    fun retract() {
      held = null
      ended = true
    }

    fun wake() {
      val waiting = waker
      waker = null
      waiting?.run()
    }

    override fun write(bytes: Bytes): Boolean {
      checkLoop()
      cancelled?.let { throw CallCancelledException(it) }
      check(!ended) { "the body has ended" }
      commitNow()
      sent.append(bytes.utf8())
      return writable
    }

    override fun commit() = throw UnsupportedOperationException("commit")

    override fun onWritable(once: Runnable) {
      if (writable || outcome != null) loop.execute(once) else waker = once
    }

    override fun end(trailers: Headers) {
      checkLoop()
      cancelled?.let { throw CallCancelledException(it) }
      check(!ended) { "the body has ended" }
      commitNow()
      ended = true
      trailers.forEach { name, value -> sent.append("[$name: $value]") }
      this@FakeExchange.end()
    }

    override fun loop(): Loop = loop
  }
}
