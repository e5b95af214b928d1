package dev.runnel.dsl

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.descriptors.PolymorphicKind
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.SerialKind
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.descriptors.elementNames
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonClassDiscriminator
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNames
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * Finds the first place where a document does not fit its descriptor, in the words of JSON: `items[2].age must be a
 * 32-bit integer, but is the string "x"`. The same words as for Java's codec.
 */
@OptIn(ExperimentalSerializationApi::class)
internal class JsonMismatch(private val json: Json) {
  /** The sentence; null when everything fits as far as descriptors tell (custom serializers may want more). */
  fun find(element: JsonElement, descriptor: SerialDescriptor): String? = find(element, descriptor, "")

  private fun find(element: JsonElement, type: SerialDescriptor, path: String): String? {
    if (element is JsonNull && (type.isNullable || json.configuration.coerceInputValues)) return null
    if (type.isInline) return find(element, type.getElementDescriptor(0), path)
    return when (val kind = type.kind) {
      StructureKind.CLASS,
      StructureKind.OBJECT -> inObject(element, type, path)
      StructureKind.LIST -> inArray(element, type, path)
      StructureKind.MAP -> inMap(element, type, path)
      PolymorphicKind.SEALED -> inSealed(element, type, path)
      SerialKind.ENUM -> inEnum(element, type, path)
      is PrimitiveKind -> inPrimitive(element, kind, path)
      else -> null
    }
  }

  private fun inObject(element: JsonElement, type: SerialDescriptor, path: String): String? {
    if (element !is JsonObject) return mismatch(path, "an object", element)
    for (i in 0 until type.elementsCount) {
      val name = type.getElementName(i)
      val wanted = type.getElementDescriptor(i)
      val member = element[name] ?: alternative(element, type, i)
      val place = member(path, name)
      if (member != null) {
        find(member, wanted, place)?.let {
          return it
        }
      } else if (!type.isElementOptional(i) && !(wanted.isNullable && !json.configuration.explicitNulls)) {
        return "$place must be ${expected(wanted)}, but is missing"
      }
    }
    return null
  }

  private fun alternative(element: JsonObject, type: SerialDescriptor, index: Int): JsonElement? =
    type
      .getElementAnnotations(index)
      .filterIsInstance<JsonNames>()
      .flatMap { it.names.toList() }
      .firstNotNullOfOrNull { element[it] }

  private fun inArray(element: JsonElement, type: SerialDescriptor, path: String): String? {
    if (element !is JsonArray) return mismatch(path, "an array", element)
    val wanted = type.getElementDescriptor(0)
    element.forEachIndexed { i, item ->
      find(item, wanted, "$path[$i]")?.let {
        return it
      }
    }
    return null
  }

  private fun inMap(element: JsonElement, type: SerialDescriptor, path: String): String? {
    if (element !is JsonObject) return mismatch(path, "an object", element)
    val wanted = type.getElementDescriptor(1)
    return element.firstNotNullOfOrNull { (name, value) -> find(value, wanted, member(path, name)) }
  }

  /** The names of the alternatives are class names unless `@SerialName` says otherwise, so they are not listed. */
  private fun inSealed(element: JsonElement, type: SerialDescriptor, path: String): String? {
    if (element !is JsonObject) return mismatch(path, "an object", element)
    val discriminator =
      type.annotations.filterIsInstance<JsonClassDiscriminator>().firstOrNull()?.discriminator
        ?: json.configuration.classDiscriminator
    val named = element[discriminator] ?: return "${member(path, discriminator)} must name a known type, but is missing"
    val name = (named as? JsonPrimitive)?.takeIf { it.isString }?.content
    val alternatives = type.getElementDescriptor(1)
    val index = alternatives.elementNames.indexOf(name)
    if (index < 0) return "${member(path, discriminator)} must name a known type, but is ${came(named)}"
    return find(element, alternatives.getElementDescriptor(index), path)
  }

  private fun inEnum(element: JsonElement, type: SerialDescriptor, path: String): String? {
    val name = (element as? JsonPrimitive)?.takeIf { it.isString }?.content
    val known = type.elementNames.any { it.equals(name, json.configuration.decodeEnumsCaseInsensitive) }
    return if (known) null else mismatch(path, expected(type), element)
  }

  private fun inPrimitive(element: JsonElement, kind: PrimitiveKind, path: String): String? {
    val text = (element as? JsonPrimitive)?.takeIf { it !is JsonNull } ?: return mismatch(path, expected(kind), element)
    val fits =
      when (kind) {
        PrimitiveKind.STRING -> text.isString || json.configuration.isLenient
        PrimitiveKind.CHAR -> text.isString && text.content.length == 1
        PrimitiveKind.BOOLEAN -> text.content.toBooleanStrictOrNull() != null
        PrimitiveKind.BYTE -> text.content.toByteOrNull() != null
        PrimitiveKind.SHORT -> text.content.toShortOrNull() != null
        PrimitiveKind.INT -> text.content.toIntOrNull() != null
        PrimitiveKind.LONG -> text.content.toLongOrNull() != null
        PrimitiveKind.FLOAT -> text.content.toFloatOrNull() != null
        PrimitiveKind.DOUBLE -> text.content.toDoubleOrNull() != null
      }
    return if (fits) null else mismatch(path, expected(kind), element)
  }

  private fun mismatch(path: String, expected: String, element: JsonElement) =
    "${path.ifEmpty { "the document" }} must be $expected, but is ${came(element)}"

  private fun expected(type: SerialDescriptor): String =
    if (type.isInline) expected(type.getElementDescriptor(0))
    else
      when (val kind = type.kind) {
        StructureKind.LIST -> "an array"
        SerialKind.ENUM -> "one of " + type.elementNames.take(MAX_NAMES).joinToString() + more(type)
        is PrimitiveKind -> expected(kind)
        SerialKind.CONTEXTUAL -> "a value"
        else -> "an object"
      }

  private fun more(type: SerialDescriptor) = if (type.elementsCount > MAX_NAMES) ", …" else ""

  private fun expected(kind: PrimitiveKind): String =
    when (kind) {
      PrimitiveKind.STRING -> "a string"
      PrimitiveKind.CHAR -> "a single character"
      PrimitiveKind.BOOLEAN -> "true or false"
      PrimitiveKind.BYTE -> "an 8-bit integer"
      PrimitiveKind.SHORT -> "a 16-bit integer"
      PrimitiveKind.INT -> "a 32-bit integer"
      PrimitiveKind.LONG -> "a 64-bit integer"
      PrimitiveKind.FLOAT,
      PrimitiveKind.DOUBLE -> "a number"
    }

  private fun came(element: JsonElement): String =
    when (element) {
      is JsonNull -> "null"
      is JsonObject -> "an object"
      is JsonArray -> "an array"
      is JsonPrimitive ->
        when {
          element.isString -> "the string " + quote(element.content)
          element.content == "true" || element.content == "false" -> element.content
          else -> "the number " + cut(element.content)
        }
    }

  private fun member(path: String, name: String): String {
    val plain = name.length <= MAX_SHOWN && name.isNotEmpty() && name.all { it.isLetterOrDigit() || it in "_-" }
    return if (plain) (if (path.isEmpty()) name else "$path.$name") else "$path[${quote(name)}]"
  }

  private fun quote(text: String) = JsonPrimitive(cut(text)).toString()

  private fun cut(text: String) = if (text.length > MAX_SHOWN) text.take(MAX_SHOWN) + "…" else text

  private companion object {
    const val MAX_NAMES = 20
    const val MAX_SHOWN = 80
  }
}
