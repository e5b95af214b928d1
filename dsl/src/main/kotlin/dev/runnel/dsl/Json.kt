package dev.runnel.dsl

import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.Status
import dev.runnel.io.Bytes
import kotlin.reflect.KType
import kotlin.reflect.typeOf
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.serializer

/**
 * The JSON of this DSL: members that are not known are skipped, as for Java's codec, and members at their default are
 * written. For other rules give a [Json] of your own to [json].
 */
@PublishedApi
internal val DefaultJson: Json = Json {
  ignoreUnknownKeys = true
  encodeDefaults = true
}

/**
 * The whole body decoded from JSON (RFC 8259, UTF-8).
 *
 * @throws dev.runnel.http.HttpError 400 if it does not decode, naming the path in the document, what was expected and
 *   what came; 413 if it is larger than the buffered body limit
 */
public suspend inline fun <reified T> Request.json(): T = decodeBody(this, serializerOf<T>(), DefaultJson)

/** Like `json()`, by the rules of another [Json]. */
public suspend inline fun <reified T> Request.json(json: Json): T = decodeBody(this, serializerOf<T>(), json)

/** This response with a value as JSON. */
public inline fun <reified T> Response.json(value: T): Response = jsonBody(this, value, serializerOf<T>(), DefaultJson)

/** This response with a value as JSON, by the rules of another [Json]. */
public inline fun <reified T> Response.json(value: T, json: Json): Response =
  jsonBody(this, value, serializerOf<T>(), json)

/** A value as a JSON text, by the rules of this DSL unless told otherwise. */
public fun <T> encodeJson(value: T, serializer: KSerializer<T>, json: Json = DefaultJson): String =
  json.encodeToString(serializer, value)

@PublishedApi
internal fun <T> jsonResponse(status: Int, value: T, serializer: KSerializer<T>): Response =
  jsonBody(Response.of(Status.of(status)), value, serializer, DefaultJson)

@PublishedApi
internal fun <T> jsonBody(response: Response, value: T, serializer: KSerializer<T>, json: Json): Response =
  response.body("application/json", Bytes.utf8(json.encodeToString(serializer, value)))

@PublishedApi
internal suspend fun <T> decodeBody(request: Request, serializer: KSerializer<T>, json: Json): T =
  decodeJson(request.bytes(), serializer, json)

/** The serializer of a type; with the compiler plugin a constant at the call site. */
@PublishedApi
internal inline fun <reified T> serializerOf(): KSerializer<T> =
  try {
    serializer<T>()
  } catch (e: SerializationException) {
    throw missingSerializer(typeOf<T>(), e)
  }

/** A programming error, so never a 400: the type lacks `@Serializable`. */
@PublishedApi
internal fun missingSerializer(type: KType, cause: SerializationException): IllegalStateException =
  IllegalStateException("no serializer for $type: mark the class @Serializable", cause)
