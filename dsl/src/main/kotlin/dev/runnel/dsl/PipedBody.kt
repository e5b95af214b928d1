package dev.runnel.dsl

import dev.runnel.engine.CallProducer
import dev.runnel.engine.Exchange
import dev.runnel.http.Body
import dev.runnel.http.BodyWriter
import dev.runnel.http.Headers
import dev.runnel.io.Bytes
import dev.runnel.io.Loop

/**
 * Both ends of a body that a Java handler writes while Kotlin filters still hold its response. Until the engine takes
 * the body, writing says "wait" from the first byte on, so what piles up is at most what one turn of the handler gives.
 */
internal class PipedBody(exchange: Exchange) : Body.Producer, BodyWriter {
  private val loop = exchange.loop()
  private val early = ArrayList<Bytes>(1)
  private var target: BodyWriter? = null
  private var waker: Runnable? = null
  private var trailers: Headers? = null
  private var failure: Throwable? = null
  private var committed = false
  private var unwanted = false
  private var replaced = false

  init {
    exchange.onEnd {
      replaced = target == null && !unwanted
      if (replaced) discard()
    }
  }

  // --- the engine's end ---

  override fun length(): Long = -1

  override fun produce(writer: BodyWriter) {
    failure?.let { throw it }
    target = writer
    if (committed) writer.commit()
    var room = true
    for (bytes in early) room = writer.write(bytes)
    early.clear()
    trailers?.let { writer.end(it) }
    val waiting = waker ?: return
    waker = null
    if (room || trailers != null) waiting.run() else writer.onWritable(waiting)
  }

  override fun discard() {
    unwanted = true
    early.clear()
    val waiting = waker
    waker = null
    waiting?.run()
  }

  // --- the handler's end ---

  override fun write(bytes: Bytes): Boolean {
    target?.let {
      return it.write(bytes)
    }
    check(!replaced) { "a filter gave another answer: this body is not wanted" }
    check(trailers == null) { "the body has ended: no more bytes can follow" }
    if (unwanted) return true
    if (!bytes.isEmpty) early.add(bytes)
    return false
  }

  override fun commit() {
    target?.commit()
    committed = true
  }

  override fun onWritable(once: Runnable) {
    val writer = target
    when {
      writer != null -> writer.onWritable(once)
      unwanted -> loop.execute(once)
      else -> waker = once
    }
  }

  override fun end(trailers: Headers) {
    val writer = target
    if (writer != null) writer.end(trailers) else this.trailers = trailers
  }

  override fun loop(): Loop = loop

  /** Keeps an error for the moment the engine takes the body; false if that was already. */
  fun failed(error: Throwable): Boolean {
    if (target != null) return false
    failure = error
    return true
  }
}

/** A body of a Java handler, watched so that its failure can still be mapped. */
internal class GuardedProducer(private val body: Body.Producer, private val events: BodyEvents) : CallProducer {
  override fun length(): Long = body.length()

  override fun produce(call: Exchange, writer: BodyWriter) {
    try {
      if (body is CallProducer) body.produce(call, writer) else body.produce(writer)
    } catch (e: Throwable) {
      if (!events.fail(e)) throw e
    }
  }

  override fun discard() = body.discard()
}
