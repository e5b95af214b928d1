package dev.runnel.testkit

import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * JSON texts compared by their values (RFC 8259): the order of members, white space and the way a number is written do
 * not count, the order of an array does.
 */
internal object JsonValues {
  /** The grammar of a number, section 6; the library takes any word for a value. */
  private val NUMBER = Regex("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")

  /** More than these make a message longer, and not clearer. */
  private const val SHOWN = 10

  /** @throws IllegalArgumentException if it is no JSON */
  fun parse(text: String): JsonElement {
    val parsed =
      try {
        Json.parseToJsonElement(text)
      } catch (e: SerializationException) {
        throw IllegalArgumentException(e.message?.substringBefore('\n'), e)
      }
    requireWords(parsed)
    return parsed
  }

  private fun requireWords(element: JsonElement) {
    when (element) {
      is JsonObject -> element.values.forEach(::requireWords)
      is JsonArray -> element.forEach(::requireWords)
      is JsonPrimitive ->
        require(element.isString || element.content in WORDS || NUMBER.matches(element.content)) {
          "'${element.content}' is no value of JSON: a string needs quotes"
        }
    }
  }

  private val WORDS = setOf("true", "false", "null")

  /** Where the texts differ, as sentences; empty if they do not. */
  fun differences(expected: JsonElement, actual: JsonElement): List<String> {
    val found = ArrayList<String>()
    compare("$", expected, actual, found)
    return if (found.size <= SHOWN) found else found.take(SHOWN) + "and ${found.size - SHOWN} more"
  }

  private fun compare(path: String, expected: JsonElement, actual: JsonElement, found: MutableList<String>) {
    when {
      expected is JsonObject && actual is JsonObject -> members(path, expected, actual, found)
      expected is JsonArray && actual is JsonArray -> items(path, expected, actual, found)
      expected is JsonPrimitive && actual is JsonPrimitive && same(expected, actual) -> Unit
      else -> found += "$path should be $expected, but is $actual"
    }
  }

  private fun members(path: String, expected: JsonObject, actual: JsonObject, found: MutableList<String>) {
    for ((name, value) in expected) {
      val there = actual[name]
      if (there == null) found += "$path.$name should be $value, but is missing"
      else compare("$path.$name", value, there, found)
    }
    for ((name, value) in actual) if (name !in expected) found += "$path.$name should not be there, but is $value"
  }

  private fun items(path: String, expected: JsonArray, actual: JsonArray, found: MutableList<String>) {
    if (expected.size != actual.size) found += "$path should have ${expected.size} items, but has ${actual.size}"
    for (i in 0 until minOf(expected.size, actual.size)) compare("$path[$i]", expected[i], actual[i], found)
  }

  private fun same(expected: JsonPrimitive, actual: JsonPrimitive): Boolean =
    when {
      expected === JsonNull || actual === JsonNull -> expected === actual
      expected.isString != actual.isString -> false
      expected.content == actual.content -> true
      else -> !expected.isString && sameNumber(expected.content, actual.content)
    }

  private fun sameNumber(expected: String, actual: String): Boolean {
    val one = expected.toBigDecimalOrNull() ?: return false
    val other = actual.toBigDecimalOrNull() ?: return false
    return one.compareTo(other) == 0
  }
}
