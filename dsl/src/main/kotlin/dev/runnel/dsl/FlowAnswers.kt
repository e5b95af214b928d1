package dev.runnel.dsl

import dev.runnel.http.BodyWriter
import dev.runnel.http.HeaderNames
import dev.runnel.http.Headers
import dev.runnel.http.MediaType
import dev.runnel.http.Response
import dev.runnel.io.Bytes
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.KSerializer
import kotlinx.serialization.json.Json

/** 200 with raw text in UTF-8, sent as the flow emits it and as fast as the peer takes it. */
@JvmName("okText")
public fun ok(text: Flow<String>): Response = stream("text/plain; charset=utf-8") { text.collect { write(it) } }

/** 200 with raw bytes, sent as the flow emits them and as fast as the peer takes them. */
@JvmName("okBytes")
public fun ok(bytes: Flow<ByteArray>): Response =
  stream(MediaType.OCTET_STREAM.toString()) { bytes.collect { write(it) } }

/**
 * 200 with items as JSON, sent as the flow emits them and as fast as the peer takes them: one a line
 * (`application/x-ndjson`), or a JSON array if the Accept field prefers `application/json` or names it where it weighs
 * both the same.
 *
 * With so many `ok`s the compiler cannot infer what a `flow { }` written in place emits: say `ok(flow<Row> { … })`.
 */
@JvmName("okItems")
public inline fun <reified T : Any> ok(items: Flow<T>): Response = itemsResponse(items, serializerOf<T>())

@PublishedApi
internal fun <T> itemsResponse(items: Flow<T>, serializer: KSerializer<T>): Response =
  Response.ok().body(ItemsBody(items, serializer, DefaultJson))

/** Items whose framing is chosen when the request is known. */
private class ItemsBody<T>(
  private val items: Flow<T>,
  private val serializer: KSerializer<T>,
  private val json: Json,
) : StreamedBody() {
  override fun prepare(call: Call, response: Response): Response {
    val type = if (prefersArray(call.request.headers())) MediaType.JSON else MediaType.NDJSON
    return response.setHeader(HeaderNames.CONTENT_TYPE, type.toString()).header(HeaderNames.VARY, HeaderNames.ACCEPT)
  }

  override suspend fun write(call: Call, writer: BodyWriter) {
    val sink = BodySink(writer, call as CallContext)
    if (prefersArray(call.request.headers())) sink.writeArray(items, serializer, json)
    else sink.writeLines(items, serializer, json)
  }
}

private fun prefersArray(headers: Headers): Boolean {
  val array = MediaType.quality(headers, MediaType.JSON)
  val lines = MediaType.quality(headers, MediaType.NDJSON)
  if (array != lines) return array > lines
  // fetch() and axios say "application/json, */*" and then parse one document.
  return headers.all(HeaderNames.ACCEPT).any { "application/json" in it.lowercase() && "ndjson" !in it.lowercase() }
}

private suspend fun <T> BodySink.writeLines(items: Flow<T>, serializer: KSerializer<T>, json: Json) = items.collect {
  write(Bytes.utf8(json.encodeToString(serializer, it) + "\n"))
}

private suspend fun <T> BodySink.writeArray(items: Flow<T>, serializer: KSerializer<T>, json: Json) {
  var separator = "["
  items.collect {
    write(Bytes.utf8(separator + json.encodeToString(serializer, it)))
    separator = ","
  }
  // The bracket comes with the first item, so that a flow that fails before it can still be answered with an error.
  write(if (separator == "[") "[]" else "]")
}
