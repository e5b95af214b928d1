package dev.runnel.dsl

import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Problem
import dev.runnel.http.QueryParams
import dev.runnel.http.Request
import dev.runnel.http.Status
import java.util.UUID

/**
 * The parameters of a path, decoded. What a typed function cannot read is a 400; declare the parameter `{id:int}`
 * instead and such a path does not match at all.
 */
@JvmInline
public value class PathParams internal constructor(private val request: Request) {
  /**
   * A parameter of the matched route.
   *
   * @throws NoSuchElementException if the route has none of this name, or an optional one is absent
   */
  public operator fun get(name: String): String = request.path(name)

  /** A parameter, or null where an optional one is absent or the route has none of this name. */
  public fun orNull(name: String): String? = request.pathOrNull(name)

  /** A parameter as an Int, else 400. */
  public fun int(name: String): Int = convert(PATH, name, get(name), INT, String::toIntOrNull)

  /** A parameter as a Long, else 400. */
  public fun long(name: String): Long = convert(PATH, name, get(name), LONG, String::toLongOrNull)

  /** A parameter as a UUID in its 36 characters, else 400. */
  public fun uuid(name: String): UUID = convert(PATH, name, get(name), "a UUID", ::parseUuid)
}

/** The parameters of a query or form, decoded, names compared with case. A name may come several times. */
public class Params internal constructor(private val values: QueryParams, private val what: String) {
  /** The first value of this name, or null. */
  public operator fun get(name: String): String? = values.get(name)

  /** The first value of this name, else 400. */
  public fun require(name: String): String = get(name) ?: throw invalid(what, name, "is missing")

  /** The first value of this name as an Int, or null where there is none; 400 if it is not one. */
  public fun int(name: String): Int? = read(name, INT, String::toIntOrNull)

  /** The first value of this name as a Long, or null where there is none; 400 if it is not one. */
  public fun long(name: String): Long? = read(name, LONG, String::toLongOrNull)

  /** The first value of this name as `true` or `false`, or null where there is none; 400 if it is neither. */
  public fun boolean(name: String): Boolean? = read(name, "true or false", String::toBooleanStrictOrNull)

  /** All values of this name, in order. */
  public fun list(name: String): List<String> = values.all(name)

  /** Whether there is a value of this name. */
  public operator fun contains(name: String): Boolean = values.contains(name)

  /** Each name once, in the order of first appearance. */
  public val names: Set<String>
    get() = values.names()

  private inline fun <T : Any> read(name: String, expected: String, parse: (String) -> T?): T? =
    get(name)?.let { convert(what, name, it, expected, parse) }

  /** The names only: values may be secret. */
  override fun toString(): String = "Params$names"

  internal companion object {
    const val QUERY = "query parameter"
    const val FORM = "form field"
  }
}

private const val PATH = "path parameter"
private const val INT = "an integer"
private const val LONG = "a 64-bit integer"

private inline fun <T : Any> convert(
  what: String,
  name: String,
  text: String,
  expected: String,
  parse: (String) -> T?,
): T = parse(text) ?: throw invalid(what, name, "must be $expected, but is '${text.take(MAX_SHOWN)}'")

private fun invalid(what: String, name: String, problem: String): HttpError =
  HttpError(
    Problem.of(Status.BAD_REQUEST, "$what '$name' $problem").with("parameter", name),
    Headers.EMPTY,
    null,
  )

/** [UUID.fromString] takes shorter groups too: `1-1-1-1-1`. */
private fun parseUuid(text: String): UUID? =
  if (text.length != 36) null else runCatching { UUID.fromString(text) }.getOrNull()

private const val MAX_SHOWN = 80
