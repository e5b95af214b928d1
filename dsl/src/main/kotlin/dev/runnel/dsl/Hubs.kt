package dev.runnel.dsl

import dev.runnel.hub.Hub
import dev.runnel.hub.HubOptions
import dev.runnel.hub.Hubs
import dev.runnel.hub.Payload
import dev.runnel.io.Bytes
import kotlinx.serialization.KSerializer

/**
 * Hubs by name, such as the rooms of a chat: `val rooms = hubs<String>()`, then `rooms("lobby")`. What is neither text
 * nor bytes is sent as JSON.
 */
public inline fun <reified T : Any> hubs(options: HubOptions<T> = HubOptions.defaults()): Hubs<T> =
  Hubs(options.withJson { serializerOf<T>() })

/** One hub; see [hubs]. */
public inline fun <reified T : Any> hub(options: HubOptions<T> = HubOptions.defaults()): Hub<T> =
  Hub(options.withJson { serializerOf<T>() })

/** The hub of this name, made if there is none. */
public operator fun <T : Any> Hubs<T>.invoke(name: String): Hub<T> = hub(name)

/** An encoder that the options bring is kept; a serializer is looked for when a message first needs it. */
@PublishedApi
internal fun <T : Any> HubOptions<T>.withJson(serializer: () -> KSerializer<T>): HubOptions<T> {
  if (payload() != HubOptions.defaults<T>().payload()) return this
  val known by lazy(serializer)
  return withPayload { message ->
    when (message) {
      is String,
      is ByteArray,
      is Bytes -> Payload.of(message)
      else -> Payload.text(encodeJson(message, known))
    }
  }
}
