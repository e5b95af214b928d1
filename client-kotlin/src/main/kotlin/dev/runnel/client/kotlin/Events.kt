package dev.runnel.client.kotlin

import dev.runnel.dsl.decodeJson
import dev.runnel.http.HttpError
import dev.runnel.http.Method
import dev.runnel.sse.ServerEvent
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.KSerializer

/**
 * The events of a stream (WHATWG HTML 9.2): cold, asked for when collected and given up when the collector stops, read
 * as fast as it takes them.
 *
 * |the server                      |the flow                                                                            |
 * |--------------------------------|------------------------------------------------------------------------------------|
 * |ends the stream, or it is lost  |asks again with `Last-Event-ID`, after a wait that is drawn from zero to its `retry`|
 * |answers 204                     |completes                                                                           |
 * |answers 408, 429 or 5xx         |as if the stream was lost                                                           |
 * |answers otherwise               |fails with [dev.runnel.client.StatusException]                                      |
 * |answers 200 with something else |fails with [Reason.NOT_UPGRADED]                                                    |
 * |sends an event that is too large|fails with [Reason.TOO_LARGE]                                                       |
 * |gives an id that no field takes |fails with [Reason.NOT_UPGRADED] where it has to be said                            |
 *
 * Waits are `delay`s, so they go by the clock of the collector's dispatcher. The client's time limits for a silent body
 * and for the whole call do not count; [EventsOptions.silence] is for the first.
 *
 * @param build what the request has beside the URL; asked anew for each attempt
 */
public fun HttpClient.events(
  url: String,
  options: EventsOptions = EventsOptions(),
  build: RequestScope.() -> Unit = {},
): Flow<ServerEvent> = flow {
  val stream = EventStream(options) { last -> invoke(eventRequest(url, options, last, build)) }
  try {
    while (true) {
      // What the collector throws is nothing of ours: nothing is emitted within what watches for losses.
      when (val step = stream.next()) {
        is EventStream.Events -> for (event in step.events) emit(event)
        is EventStream.Lost -> {
          if (!options.reconnect) step.cause?.let { throw it } ?: break
          val wait = stream.delay()
          options.onLoss(step.cause, wait)
          delay(wait)
        }
        EventStream.Over -> break
      }
    }
  } finally {
    stream.close()
  }
}

private suspend fun HttpClient.eventRequest(
  url: String,
  options: EventsOptions,
  last: String,
  build: RequestScope.() -> Unit,
) =
  built(Method.GET, url) {
      accept("text/event-stream")
      setHeader("Cache-Control", "no-store")
      val field = fieldOf(last)
      if (field.isNotEmpty()) setHeader("Last-Event-ID", field)
      timeouts { withBodyStall(options.silenceLimit()).withCall(java.time.Duration.ZERO) }
      build()
    }
    .request()

/** An id as the bytes of its UTF-8 (WHATWG HTML 9.2.4), without what is no part of a field's value (RFC 9110 5.5). */
private fun fieldOf(id: String): String {
  val bytes = String(id.encodeToByteArray(), Charsets.ISO_8859_1).trim(' ', '\t')
  val odd = bytes.firstOrNull { (it < ' ' && it != '\t') || it == '\u007F' } ?: return bytes
  val what = "U+%04X".format(odd.code)
  throw ClientException(Reason.NOT_UPGRADED, "the stream cannot go on: the id of its last event has $what in it")
}

/** Like the other [events], the data of each decoded from JSON; one that does not fit fails the flow. */
@JvmName("typedEvents")
public inline fun <reified T> HttpClient.events(
  url: String,
  options: EventsOptions = EventsOptions(),
  noinline build: RequestScope.() -> Unit = {},
): Flow<T> = decodedEvents(events(url, options, build), answerSerializer<T>())

@PublishedApi
internal fun <T> decodedEvents(events: Flow<ServerEvent>, serializer: KSerializer<T>): Flow<T> = events.map { event ->
  try {
    decodeJson((event.data() ?: "").encodeToByteArray(), serializer)
  } catch (e: HttpError) {
    val message = "the data of $event: ${e.problem().detail()}"
    throw ClientException(Reason.CONTENT_DECODING, message, false, e)
  }
}
