package dev.runnel.dsl

import dev.runnel.engine.RouteMatch
import dev.runnel.http.BodyReader
import dev.runnel.http.Cookie
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.MediaType
import dev.runnel.http.Method
import dev.runnel.http.QueryParams
import dev.runnel.http.Request
import dev.runnel.http.RequestBody
import dev.runnel.http.Version
import dev.runnel.io.Bytes
import dev.runnel.io.Loop
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage

class FakeRequest(
  private val loop: Loop,
  private val method: Method,
  private val target: String,
  private val headers: Headers,
  val body: FakeBody,
) : Request {
  private val attributes = HashMap<Request.Key<*>, Any>()
  var match: RouteMatch? = null
  var id = "id-1"

  override fun method(): Method = method

  override fun target(): String = target

  override fun rawPath(): String = target.substringBefore('?')

  override fun rawQuery(): String? = target.substringAfter('?', "").ifEmpty { null }

  override fun version(): Version = Version.HTTP_1_1

  override fun scheme(): String = "http"

  override fun authority(): String = "test"

  override fun headers(): Headers = headers

  override fun path(name: String): String = pathOrNull(name) ?: throw NoSuchElementException(name)

  override fun pathOrNull(name: String): String? = match?.param(name)

  override fun queryParams(): QueryParams = QueryParams.parse(rawQuery())

  override fun cookie(name: String): Cookie? = Cookie.find(headers, name)

  override fun accepts(mediaType: String): Boolean = MediaType.accepts(headers, mediaType)

  override fun body(): RequestBody = body

  override fun remoteAddress(): SocketAddress = InetSocketAddress.createUnresolved("client", 1)

  override fun localAddress(): SocketAddress = InetSocketAddress.createUnresolved("server", 2)

  override fun id(): String = id

  override fun routePattern(): String? = match?.pattern()

  override fun nanoTime(): Long = loop.nanoTime()

  @Suppress("UNCHECKED_CAST")
  override fun <T : Any> attribute(key: Request.Key<T>): T? = synchronized(attributes) { attributes[key] as T? }

  override fun <T : Any> attribute(key: Request.Key<T>, value: T?) =
    synchronized(attributes) { if (value == null) attributes -= key else attributes[key] = value }
}

/** A body that the test feeds. */
class FakeBody(private val loop: Loop, private val type: String?) : RequestBody, BodyReader {
  override fun home(): Loop = loop

  private val parts = ArrayDeque<Bytes>()
  private var finished = false
  private var waker: Runnable? = null
  private var taken = false
  private var failure: RuntimeException? = null
  var limit = 1L shl 20

  /** How often somebody asked for bytes that were not there. */
  var demands = 0
    private set

  fun feed(text: String) {
    parts += Bytes.utf8(text)
    wake()
  }

  fun finish() {
    finished = true
    wake()
  }

  fun fail(error: RuntimeException) {
    failure = error
    wake()
  }

  private fun wake() {
    val waiting = waker
    waker = null
    waiting?.run()
  }

  override fun poll(): Bytes? {
    check(loop.inLoop()) { "off the loop" }
    failure?.let { throw it }
    if (parts.isEmpty() && !finished) demands++
    return parts.removeFirstOrNull()
  }

  override fun ended(): Boolean = finished && parts.isEmpty()

  override fun onReady(once: Runnable) {
    waker = once
  }

  override fun trailers(): Headers = Headers.EMPTY

  override fun isEmpty(): Boolean = ended()

  override fun length(): Long = -1

  override fun loop(): Loop = loop

  override fun reader(): BodyReader {
    check(!taken) { "the body was taken already" }
    taken = true
    return this
  }

  override fun bytesAsync(): CompletionStage<ByteArray> {
    val result = CompletableFuture<ByteArray>()
    val collected = ArrayList<Bytes>()
    val reader = reader()
    fun pump() {
      try {
        while (true) {
          collected += reader.poll() ?: break
          if (collected.sumOf { it.length() } > limit) throw HttpError(413, "larger than the limit of $limit bytes")
        }
        if (reader.ended()) {
          val _ = result.complete(Bytes.concat(collected).toByteArray())
        } else {
          reader.onReady(::pump)
        }
      } catch (e: RuntimeException) {
        val _ = result.completeExceptionally(e)
      }
    }
    pump()
    return result
  }

  override fun textAsync(): CompletionStage<String> = bytesAsync().thenApply { String(it) }

  override fun formAsync(): CompletionStage<QueryParams> {
    if (type != MediaType.FORM.toString()) throw HttpError(415, "a form must be sent as ${MediaType.FORM}")
    return bytesAsync().thenApply { QueryParams.parse(String(it)) }
  }

  override fun bytes(): ByteArray = error("blocking")

  override fun text(): String = error("blocking")

  override fun <T : Any> json(type: Class<T>): T = error("blocking")

  override fun form(): QueryParams = error("blocking")

  override fun <T : Any> jsonAsync(type: Class<T>): CompletionStage<T> = error("not here")
}
