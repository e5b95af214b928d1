package dev.runnel.sse

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/**
 * An event of a stream. Data may have several lines, which end with CR, LF or CR LF.
 *
 * @param event the type that clients listen for; `message` unless set
 * @param id what a client that connects again sends as `Last-Event-ID`
 * @param retry how long the client shall wait before it connects again; whole milliseconds count
 * @param comment stands in front, and is skipped by clients
 * @throws IllegalArgumentException if the event has CR or LF, the id CR, LF or NUL, or the retry is negative
 */
@Suppress("FunctionName") // What a constructor of a Java class with named parameters would be.
public fun ServerEvent(
  data: String,
  event: String? = null,
  id: String? = null,
  retry: Duration? = null,
  comment: String? = null,
): ServerEvent {
  var made = ServerEvent.of(data)
  if (event != null) made = made.withEvent(event)
  if (id != null) made = made.withId(id)
  if (retry != null) made = made.withRetry(retry.toJavaDuration())
  if (comment != null) made = made.withComment(comment)
  return made
}

/**
 * How a stream behaves; a time of zero turns off what it is for. See [SseOptions].
 *
 * @param heartbeat after so long without a byte written a comment is sent
 * @param openAfter after so long the head is sent though there is no event yet
 * @param patience how long `send` waits for a slow client before the call is cancelled with `SlowConsumer`
 * @param stopRetry about how long clients shall wait before they connect again when the server stops
 * @param overflow what becomes of events when the client is slow
 * @throws IllegalArgumentException if a time is negative
 */
public fun sseOptions(
  heartbeat: Duration = 15.seconds,
  openAfter: Duration = 500.milliseconds,
  patience: Duration = 30.seconds,
  stopRetry: Duration = 3.seconds,
  overflow: SseOverflow = SseOverflow.SUSPEND,
  gzip: Boolean = false,
): SseOptions =
  SseOptions.DEFAULT.withHeartbeat(heartbeat.toJavaDuration())
    .withOpenAfter(openAfter.toJavaDuration())
    .withPatience(patience.toJavaDuration())
    .withStopRetry(stopRetry.toJavaDuration())
    .withOverflow(overflow)
    .withGzip(gzip)
