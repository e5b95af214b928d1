package dev.runnel.client.kotlin

import dev.runnel.client.DownloadOptions
import dev.runnel.client.Downloaded
import dev.runnel.client.Downloads
import dev.runnel.client.StatusException
import dev.runnel.dsl.decodeJson
import dev.runnel.http.Body
import dev.runnel.http.HttpError
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.serializer

/**
 * The whole body as text, in the charset of its Content-Type or UTF-8. Like [bytes] and [json] it holds at most what
 * the client is set to hold, 16 MiB unless told otherwise ([Reason.TOO_LARGE]), and gives the body up when cancelled.
 *
 * @throws ClientException if the body does not come whole, or its charset is unknown ([Reason.CONTENT_DECODING])
 */
public suspend fun Response.text(): String =
  try {
    content().textAsync().awaited {}
  } catch (e: HttpError) {
    throw undecodable(this, e)
  }

/**
 * The whole body.
 *
 * @throws ClientException if it does not come whole
 */
public suspend fun Response.bytes(): ByteArray = content().bytesAsync().awaited {}

/**
 * The whole body decoded from JSON (RFC 8259, UTF-8); members that are not known are skipped.
 *
 * @throws ClientException [Reason.CONTENT_DECODING] if it does not fit, naming the place in the document, what was
 *   expected and what came
 */
public suspend inline fun <reified T> Response.json(): T = decoded(this, answerSerializer<T>())

/** Like the other `json()`, by the rules of another [Json]. */
public suspend inline fun <reified T> Response.json(rules: Json): T = decoded(this, answerSerializer<T>(), rules)

@PublishedApi
internal suspend fun <T> decoded(response: Response, serializer: KSerializer<T>, rules: Json? = null): T =
  fitting(response) {
    val document = response.bytes()
    if (rules == null) decodeJson(document, serializer) else decodeJson(document, serializer, rules)
  }

/** Our own 400 is for those who ask us; a server's answer that does not fit is nothing of theirs. */
internal inline fun <T> fitting(response: Response, decode: () -> T): T =
  try {
    decode()
  } catch (e: HttpError) {
    throw undecodable(response, e)
  }

internal fun undecodable(response: Response, e: HttpError): ClientException =
  ClientException(Reason.CONTENT_DECODING, "${what(response)}: ${e.problem().detail()}", false, e)

internal fun what(response: Response): String {
  val uri = response.received()?.uri() ?: return "the answer"
  return "the answer of ${uri.origin()}${uri.rawPath()}"
}

@PublishedApi
internal inline fun <reified T> answerSerializer(): KSerializer<T> =
  try {
    serializer<T>()
  } catch (e: SerializationException) {
    throw IllegalStateException("no serializer for ${T::class}: mark the class @Serializable", e)
  }

/**
 * The body as it arrives, with back-pressure: nothing is read from the server that is not collected. It can be
 * collected once; a collector that stops early gives the rest up.
 */
public val Response.body: Flow<ByteArray>
  get() = flow {
    val body = body()
    if (body is Body.Whole) {
      if (body.length() > 0) emit(body.bytes().toByteArray())
      return@flow
    }
    val pull = BodyPull.of(content())
    try {
      while (true) {
        val pieces = pull.next()
        if (pieces.isEmpty()) break
        for (piece in pieces) emit(piece.toByteArray())
      }
    } finally {
      pull.close()
    }
  }

/**
 * Saves the body as a file that is whole or not there; see [Downloads].
 *
 * @throws StatusException if the answer is no success
 */
public suspend fun Response.save(path: Path, options: DownloadOptions = DownloadOptions.DEFAULT): Downloaded {
  val asked = received()?.uri()?.text() ?: "http://localhost/"
  return Downloads.start({ CompletableFuture.completedFuture(this) }, Request.get(asked), path, options).awaited {}
}

/** Runs the block with the answer, and gives up what is left of its body then. */
public inline fun <R> Response.use(block: (Response) -> R): R =
  try {
    block(this)
  } finally {
    Body.discard(body())
  }

/**
 * This answer if it is a success, 2xx.
 *
 * @throws StatusException else, with the problem document (RFC 9457) where the server sent one
 */
public suspend fun Response.orThrow(): Response {
  if (status().code() in 200..299) return this
  throw statusException(this)
}
