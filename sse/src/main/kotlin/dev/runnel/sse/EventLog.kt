package dev.runnel.sse

import dev.runnel.dsl.encodeJson
import java.security.SecureRandom
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.update
import kotlinx.serialization.KSerializer

/**
 * The latest events of a stream that many clients follow, so that one that was away gets what it missed. Each event is
 * encoded once for all. Safe from any thread; followers on whatever loop hold nothing but their place.
 *
 * ```
 * val log = EventLog<Price>(capacity = 1000)
 * SSE("/prices") { log.after(lastEventId).collect { send(it) } }
 * ```
 *
 * The ids are the log's own: they name the log too, so that an id from before a restart is not taken for a place in
 * this one.
 *
 * @param capacity how many events are kept
 * @param event makes the event of a value, whose id is set by the log; called by [append]
 * @throws IllegalArgumentException if the capacity is not positive
 */
public class EventLog<T>(public val capacity: Int, private val event: (T) -> ServerEvent) {
  private val name = SecureRandom().nextLong().toULong().toString(radix = 36)
  private val kept = arrayOfNulls<ServerEvent>(requirePositive(capacity))

  // Guarded by kept: events are counted from 1 on, and the last of them is in the array at its number modulo capacity.
  private var last = 0L

  // What followers wait for. Set outside of the lock: a follower on this very loop goes on in place, and sends.
  private val appended = MutableStateFlow(0L)

  /** Adds a value and wakes all followers; never suspends. Returns the id of its event. */
  @IgnorableReturnValue
  public fun append(value: T): String {
    val made = event(value)
    val number =
      synchronized(kept) {
        kept[slot(last + 1)] = made.withId(id(last + 1)).also { EventEncoder.encode(it) }
        ++last
      }
    appended.update { maxOf(it, number) }
    return id(number)
  }

  /**
   * All events behind the one with this id, then those that are still to come, without a gap and without a duplicate;
   * it never ends. Null is who has seen nothing: all events that are kept come first.
   *
   * Where the log cannot tell what was missed, an event `reset` with empty data comes first, and then all that are
   * kept: for an id that the log never gave or whose successor is gone, and for a follower so slow that the next event
   * for it is gone.
   */
  public fun after(id: String?): Flow<ServerEvent> = flow {
    var seen = if (id == null) 0L else placeOf(id)
    var isNew = id == null
    while (true) {
      val batch = read(seen, isNew)
      isNew = false
      for (event in batch.events) emit(event)
      seen = batch.seen
      if (batch.events.isEmpty()) appended.first { it > seen }
    }
  }

  /** The events that are still to come, and none that are kept. */
  public fun latest(): Flow<ServerEvent> = flow { after(synchronized(kept) { id(last) }).collect { emit(it) } }

  /** What a follower gets next, and its place behind that. */
  private class Batch(val seen: Long, val events: List<ServerEvent>)

  private fun read(seen: Long, isNew: Boolean): Batch =
    synchronized(kept) {
      val gone = (last - capacity).coerceAtLeast(0)
      val lost = seen < gone && !isNew || seen > last
      val from = if (lost || isNew) gone else seen
      val until = minOf(last, from + MOST_AT_ONCE)
      val events = ArrayList<ServerEvent>((until - from).toInt() + 1)
      if (lost) events += RESET.withId(id(from)) // so that one who leaves now comes back to this place
      for (number in from + 1..until) events += checkNotNull(kept[slot(number)])
      Batch(until, events)
    }

  private fun slot(number: Long) = (number % capacity).toInt()

  private fun id(number: Long) = "$name-$number"

  /** The number of the event with this id; -1 is none that this log knows. */
  private fun placeOf(id: String): Long {
    if (!id.startsWith("$name-")) return -1
    return id.substring(name.length + 1).toLongOrNull()?.takeIf { it >= 0 } ?: -1
  }

  private companion object {
    /** So that a follower far behind holds little, and the lock is held for little. */
    const val MOST_AT_ONCE = 64

    val RESET: ServerEvent = ServerEvent("", event = "reset")

    fun requirePositive(capacity: Int): Int {
      require(capacity > 0) { "a log must keep at least one event, but its capacity is $capacity" }
      return capacity
    }
  }
}

/**
 * A log of values that are sent as JSON.
 *
 * @param capacity how many events are kept
 * @throws IllegalArgumentException if the capacity is not positive
 */
@Suppress("FunctionName")
public inline fun <reified T : Any> EventLog(capacity: Int): EventLog<T> = jsonLog(capacity, eventSerializer<T>())

@PublishedApi
internal fun <T> jsonLog(capacity: Int, serializer: KSerializer<T>): EventLog<T> =
  EventLog(capacity) { ServerEvent(encodeJson(it, serializer)) }
