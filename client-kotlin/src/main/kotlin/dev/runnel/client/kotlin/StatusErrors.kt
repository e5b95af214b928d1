package dev.runnel.client.kotlin

import dev.runnel.client.StatusException
import dev.runnel.http.Body
import dev.runnel.http.HeaderNames
import dev.runnel.http.MediaType
import dev.runnel.http.Problem
import dev.runnel.http.Response
import dev.runnel.http.Status
import dev.runnel.transport.ClientException
import java.io.ByteArrayOutputStream
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What is read of the body of an error; the rest is given up. */
private const val MOST_READ = 64 shl 10

/** What an answer that was not wanted says, as an error. Its body is read then, or given up. */
internal suspend fun statusException(response: Response): StatusException {
  val problem = if (isProblem(response)) problemOf(response.status(), beginning(response)) else null
  response.body().giveUp()
  val call = response.received()?.uri()?.let { "${it.origin()}${it.rawPath()}" } ?: "the request"
  return StatusException(call, response.status(), response.headers(), problem)
}

private fun isProblem(response: Response): Boolean {
  val type = response.headers().get(HeaderNames.CONTENT_TYPE) ?: return false
  return try {
    MediaType.parse(type).let { it.type() == "application" && it.subtype() == "problem+json" }
  } catch (_: IllegalArgumentException) {
    false
  }
}

/** That the body fails or does not come is no error of its own: the status is told all the same. */
private suspend fun beginning(response: Response): ByteArray {
  val body = response.body()
  if (body is Body.Whole) return body.bytes().toByteArray()
  val pull = BodyPull.of(response.content())
  val read = ByteArrayOutputStream()
  try {
    while (read.size() < MOST_READ) {
      val pieces = pull.next()
      if (pieces.isEmpty()) break
      pieces.forEach { read.writeBytes(it.toByteArray()) }
    }
  } catch (_: ClientException) {
    // as said above
  } finally {
    pull.close()
  }
  return read.toByteArray()
}

/** RFC 9457 3.1: members of a wrong type count as absent; the status is that of the answer. */
private fun problemOf(status: Status, document: ByteArray): Problem? {
  val members =
    try {
      Json.parseToJsonElement(document.decodeToString()) as? JsonObject ?: return null
    } catch (_: SerializationException) {
      return null
    }
  fun text(name: String) = (members[name] as? JsonPrimitive)?.takeIf { it.isString }?.content
  return Problem(
    status,
    text("type") ?: "about:blank",
    text("title") ?: status.reason(),
    text("detail"),
    text("instance"),
    (members - OWN).mapValues { plain(it.value) },
  )
}

private val OWN = setOf("type", "title", "status", "detail", "instance")

/** As JSON is in Java's collections. */
private fun plain(element: JsonElement): Any? =
  when (element) {
    is JsonNull -> null
    is JsonObject -> element.mapValues { plain(it.value) }
    is JsonArray -> element.map(::plain)
    is JsonPrimitive ->
      if (element.isString) element.content
      else element.content.let { it.toBooleanStrictOrNull() ?: it.toIntOrNull() ?: it.toLongOrNull() ?: it.toDouble() }
  }
