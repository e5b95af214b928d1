package dev.runnel.testkit

import dev.runnel.dsl.decodeJson
import dev.runnel.http.HttpError
import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer

/**
 * The body decoded from JSON (kotlinx.serialization, by the rules of `Request.json`).
 *
 * @throws AssertionError if it does not fit, with the place in the document and the exchange
 */
public inline fun <reified T> TestResponse.json(): T = decoded(this, serializer<T>())

@PublishedApi
internal fun <T> decoded(response: TestResponse, serializer: KSerializer<T>): T =
  try {
    decodeJson(response.bytes(), serializer)
  } catch (e: HttpError) {
    throw AssertionError(response.undecodable(e), e)
  }
