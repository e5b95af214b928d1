package dev.runnel.sse

import kotlin.reflect.KType
import kotlin.reflect.typeOf
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.serializer

/** The serializer of a type; with the compiler plugin a constant at the call site. */
@PublishedApi
internal inline fun <reified T> eventSerializer(): KSerializer<T> =
  try {
    serializer<T>()
  } catch (e: SerializationException) {
    throw missingSerializer(typeOf<T>(), e)
  }

@PublishedApi
internal fun missingSerializer(type: KType, cause: SerializationException): IllegalStateException =
  IllegalStateException("no serializer for $type: mark the class @Serializable", cause)
