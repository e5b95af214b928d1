package dev.runnel.dsl

import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Problem
import dev.runnel.http.Status
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonDecodingException

/**
 * Decodes a document, or says to the client why not. The library's own messages name classes and settings, so none of
 * them gets out: the document is looked through again, beside the descriptor.
 *
 * @throws HttpError 400 whose detail names the path in the document, what was expected and what came
 */
public fun <T> decodeJson(document: ByteArray, serializer: KSerializer<T>, json: Json = DefaultJson): T {
  val text = utf8(document)
  if (text.isBlank()) throw HttpError.badRequest("the document must be JSON, but is empty")
  return try {
    json.decodeFromString(serializer, text)
  } catch (e: HttpError) {
    throw e // a constructor that knows better
  } catch (e: IllegalArgumentException) { // also what init { require(…) } throws
    throw malformed(JsonFailure(json).explain(text, serializer.descriptor, e), e)
  } catch (e: StackOverflowError) {
    throw malformed(TOO_DEEP, e)
  }
}

private fun utf8(document: ByteArray): String {
  val bytes = ByteBuffer.wrap(document)
  return try {
    Charsets.UTF_8.newDecoder().decode(bytes).toString()
  } catch (e: CharacterCodingException) {
    throw malformed("the document must be UTF-8, but is malformed at byte ${bytes.position()}", e)
  }
}

private const val TOO_DEEP = "the document is nested too deep"

private fun malformed(detail: String, cause: Throwable) =
  HttpError(Problem.of(Status.BAD_REQUEST, detail), Headers.EMPTY, cause)

@OptIn(ExperimentalSerializationApi::class)
private class JsonFailure(private val json: Json) {
  fun explain(text: String, descriptor: SerialDescriptor, e: IllegalArgumentException): String {
    val rules = json.configuration
    val strict = !rules.isLenient && !rules.allowComments && !rules.allowTrailingComma
    if (strict)
      syntaxError(text)?.let {
        return it
      }
    val element =
      try {
        json.parseToJsonElement(text)
      } catch (_: SerializationException) { // the grammar is kept, or there are rules of their own
        return "the document is malformed"
      }
    return JsonMismatch(json).find(element, descriptor) ?: "${path(e)} has a value that is not allowed"
  }

  private fun syntaxError(text: String): String? {
    val syntax = JsonSyntax(text)
    val index = syntax.firstError()
    if (index < 0) return null
    if (syntax.isTooDeep) return TOO_DEEP
    if (index >= text.length) return "the document must be complete, but ends too early"
    val line = text.take(index).count { it == '\n' } + 1
    val column = index - text.take(index).lastIndexOf('\n')
    return "the document must be JSON, but is malformed (line $line, column $column)"
  }

  private fun path(e: Throwable): String {
    val path = (e as? JsonDecodingException)?.path?.removePrefix("$")?.removePrefix(".")
    return if (path.isNullOrEmpty()) "the document" else path
  }
}
