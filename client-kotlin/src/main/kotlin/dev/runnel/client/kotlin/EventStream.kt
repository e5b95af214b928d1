package dev.runnel.client.kotlin

import dev.runnel.client.StatusException
import dev.runnel.http.HeaderNames
import dev.runnel.http.MediaType
import dev.runnel.http.Response
import dev.runnel.sse.EventParser
import dev.runnel.sse.EventTooLargeException
import dev.runnel.sse.ServerEvent
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import java.time.Duration as JavaDuration
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

internal fun EventsOptions.silenceLimit(): JavaDuration = silence.toJavaDuration()

/** A stream of events over as many answers as it takes, step by step. */
internal class EventStream(
  private val options: EventsOptions,
  private val connect: suspend (lastEventId: String) -> Response,
) {
  private var parser = EventParser(options.lastEventId, options.maxEvent)
  private var pull: BodyPull? = null
  private var asked: Duration? = null
  private var failures = 0
  private var tooLarge: ClientException? = null

  sealed interface Step

  class Events(val events: List<ServerEvent>) : Step

  /** Worth another attempt. Without a cause it ended in order. */
  class Lost(val cause: Throwable?) : Step

  /** The server wants no other attempt. */
  data object Over : Step

  /** What comes next; throws what no other attempt can mend. */
  suspend fun next(): Step =
    try {
      val open = pull ?: open()
      if (open == null) Over else read(open)
    } catch (e: ClientException) {
      close()
      if (e.reason() in FINAL) throw e
      Lost(e)
    } catch (e: StatusException) {
      close()
      if (!isPassing(e.status().code())) throw e
      Lost(e)
    }

  /** How long to wait behind what was lost. */
  fun delay(): Duration = options.delay(asked, failures++)

  fun close() {
    pull?.close()
    pull = null
  }

  private suspend fun open(): BodyPull? {
    val response = connect(parser.lastEventId())
    val code = response.status().code()
    if (code == NO_CONTENT) {
      response.body().giveUp()
      return null
    }
    if (code != OK) throw statusException(response)
    requireEvents(response)
    parser = EventParser(parser.lastEventId(), options.maxEvent)
    return BodyPull.of(response.content()).also { pull = it }
  }

  private suspend fun read(open: BodyPull): Step {
    tooLarge?.let { throw it }
    val pieces = open.next()
    if (pieces.isEmpty()) {
      pull = null
      return Lost(null)
    }
    val events = ArrayList<ServerEvent>()
    try {
      pieces.forEach { parser.parse(it, events::add) }
    } catch (e: EventTooLargeException) {
      // Behind those that came whole before it.
      tooLarge = ClientException(Reason.TOO_LARGE, e.message ?: "an event is too large", false, e)
    }
    asked = parser.retry()?.toKotlinDuration() ?: asked
    if (events.isNotEmpty()) failures = 0
    return Events(events)
  }

  private fun requireEvents(response: Response) {
    val type = response.headers().get(HeaderNames.CONTENT_TYPE)
    if (type != null && isEvents(type)) return
    response.body().giveUp()
    val message = "${what(response)} is no stream of events: its Content-Type must be text/event-stream, but is $type"
    throw ClientException(Reason.NOT_UPGRADED, message)
  }

  private fun isEvents(type: String) =
    try {
      MediaType.parse(type).let { it.type() == "text" && it.subtype() == "event-stream" }
    } catch (_: IllegalArgumentException) {
      false
    }

  private companion object {
    const val OK = 200
    const val NO_CONTENT = 204

    /** What another attempt would meet as well, or nobody wants. */
    val FINAL =
      setOf(
        Reason.TLS,
        Reason.TOO_LARGE,
        Reason.CANCELLED,
        Reason.CONTENT_DECODING,
        Reason.TOO_MANY_REDIRECTS,
        Reason.BAD_REDIRECT,
        Reason.REQUEST_BODY,
        Reason.NOT_UPGRADED,
        Reason.CLOSED,
      )

    fun isPassing(code: Int) = code == 408 || code == 429 || code >= 500
  }
}
