package dev.runnel.testkit

import dev.runnel.engine.CancelCause
import dev.runnel.http.MediaType
import dev.runnel.http.Problem
import dev.runnel.sse.ServerEvent
import dev.runnel.websocket.CloseReason
import dev.runnel.ws.WsSession
import io.kotest.assertions.AssertionErrorBuilder
import io.kotest.assertions.assertionCounter
import io.kotest.matchers.Matcher
import io.kotest.matchers.MatcherResult
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

// For those who have Kotest; nothing else of the module needs it. Each failure shows what was asked and what came.

// --- answers ---

/** The answer has this status. */
@IgnorableReturnValue public infix fun TestResponse.shouldHaveStatus(code: Int): TestResponse = judged(haveStatus(code))

/** The answer has this field; where it has several of the name, among them. Without a value any will do. */
@IgnorableReturnValue
public fun TestResponse.shouldHaveHeader(name: String, value: String? = null): TestResponse =
  judged(haveHeader(name, value))

/** The answer has no field of this name. */
@IgnorableReturnValue
public infix fun TestResponse.shouldNotHaveHeader(name: String): TestResponse = judged(haveHeader(name).invert())

/**
 * The body is this JSON value: the order of members, white space and the way a number is written do not count.
 *
 * @throws IllegalArgumentException if what is expected is no JSON
 */
@IgnorableReturnValue
public infix fun TestResponse.shouldHaveJson(expected: String): TestResponse = judged(haveJson(expected))

/**
 * The answer is a problem document (RFC 9457) of this status, in its head and, where the document says one, there.
 *
 * @param title text within its title
 * @param type text within its type, which is `about:blank` where there is none
 * @param detail text within its detail
 */
@IgnorableReturnValue
public fun TestResponse.shouldBeProblem(
  status: Int,
  title: String? = null,
  type: String? = null,
  detail: String? = null,
): TestResponse = judged(beProblem(status, title, type, detail))

/** See [shouldHaveStatus]. */
public fun haveStatus(code: Int): Matcher<TestResponse> =
  rule("the status should be $code", "the status should not be $code") { response ->
    listOfNotNull("but is ${response.status()}".takeIf { response.status() != code })
  }

/** See [shouldHaveHeader]. */
public fun haveHeader(name: String, value: String? = null): Matcher<TestResponse> {
  val what = if (value == null) "a field $name" else "the field $name: $value"
  return rule("there should be $what", "there should not be $what") { response ->
    val values = response.headers().all(name)
    when {
      values.isEmpty() -> listOf("but there is no $name")
      value == null || value in values -> emptyList()
      else -> listOf("but it is ${values.joinToString(" and ")}")
    }
  }
}

/** See [shouldHaveJson]. */
public fun haveJson(expected: String): Matcher<TestResponse> {
  val value =
    try {
      JsonValues.parse(expected)
    } catch (e: IllegalArgumentException) {
      throw IllegalArgumentException("what is expected is no JSON: ${e.message}", e)
    }
  return rule("the body should be $value", "the body should not be $value") { response ->
    parsed(response).fold({ JsonValues.differences(value, it) }, { listOf("but it is no JSON: ${it.message}") })
  }
}

/** See [shouldBeProblem]. */
public fun beProblem(
  status: Int,
  title: String? = null,
  type: String? = null,
  detail: String? = null,
): Matcher<TestResponse> =
  rule("the answer should be a problem of status $status", "the answer should be no problem of status $status") {
    response ->
    val document = parsed(response).getOrNull() as? JsonObject
    listOfNotNull("the status is ${response.status()}".takeIf { response.status() != status }, notOfItsType(response)) +
      if (document == null) listOf("the body is no JSON object")
      else
        listOfNotNull(
          "its status is ${document["status"]}".takeIf { "status" in document && number(document["status"]) != status },
          lacks(document, "title", title),
          lacks(document, "type", type, "about:blank"),
          lacks(document, "detail", detail),
        )
  }

private fun parsed(response: TestResponse): Result<JsonElement> =
  try {
    Result.success(JsonValues.parse(response.text()))
  } catch (e: IllegalArgumentException) {
    Result.failure(e)
  }

private fun number(element: JsonElement?) = (element as? JsonPrimitive)?.takeIf { !it.isString }?.content?.toIntOrNull()

private fun notOfItsType(response: TestResponse): String? {
  val type = response.header("Content-Type") ?: return "it has no Content-Type"
  val essence =
    try {
      MediaType.parse(type).let { "${it.type()}/${it.subtype()}" }
    } catch (_: IllegalArgumentException) {
      type
    }
  return "its Content-Type is $type, not ${Problem.MEDIA_TYPE}".takeIf { essence != Problem.MEDIA_TYPE }
}

private fun lacks(document: JsonObject, member: String, part: String?, otherwise: String? = null): String? {
  if (part == null) return null
  val element = document[member]
  val text = if (element == null) otherwise else (element as? JsonPrimitive)?.takeIf { it.isString }?.content
  return when {
    text == null -> "its $member is ${element ?: "missing"}, and should have '$part'"
    part in text -> null
    else -> "its $member is '$text', and should have '$part'"
  }
}

// --- events ---

/** The events that came since they were last asked for have these data, in this order, and there are no others. */
@IgnorableReturnValue
public fun TestEvents.shouldHaveData(vararg data: String): TestEvents {
  val news = received()
  judge(haveData(*data).test(news), this)
  return this
}

/** The event has this data and, where they are given, this type and id. */
@IgnorableReturnValue
public fun ServerEvent.shouldHaveData(data: String, event: String? = null, id: String? = null): ServerEvent {
  val wrong =
    listOfNotNull(
      "the data should be '$data', but is ${quoted(data())}".takeIf { data() != data },
      "the type should be '$event', but is ${quoted(event())}".takeIf { event != null && event() != event },
      "the id should be '$id', but is ${quoted(id())}".takeIf { id != null && id() != id },
    )
  judge(wrong.isEmpty(), this) { wrong.joinToString("; ") }
  return this
}

/** Events with these data, in this order, and no others. */
public fun haveData(vararg data: String): Matcher<List<ServerEvent>> = Matcher { events ->
  val came = events.map { it.data() }
  result(
    came == data.toList(),
    "the new events should have the data ${data.toList()}, but have $came",
    "the new events should not have the data $came",
  )
}

private fun quoted(text: String?) = text?.let { "'$it'" } ?: "not there"

// --- sessions ---

/** The session was closed with this code and, where it is given, this text within the reason. */
@IgnorableReturnValue
public fun CloseReason.shouldHaveCode(code: Int, reason: String? = null): CloseReason {
  judge(haveCode(code, reason).test(this), null)
  return this
}

/**
 * Waits for the session to be closed, dropping what nobody collects, and looks how. Fails if it is open [within] the
 * time, which in memory is virtual.
 */
@IgnorableReturnValue
public suspend fun WsSession.shouldBeClosedWith(
  code: Int,
  reason: String? = null,
  within: Duration = 1.minutes,
): CloseReason? {
  val closed = withTimeoutOrNull(within) { awaitClose() }
  val shown = "the session of $request"
  if (closed == null) judge(false, shown) { "the session should be closed with $code, but is open after $within" }
  else judge(haveCode(code, reason).test(closed), shown)
  return closed
}

/** A close code and, where it is given, text within the reason. */
public fun haveCode(code: Int, reason: String? = null): Matcher<CloseReason> = Matcher { closed ->
  val what = if (reason == null) "$code" else "$code and '$reason'"
  result(
    closed.code() == code && (reason == null || reason in closed.reason()),
    "the session should be closed with $what, but was with $closed",
    "the session should not be closed with $what",
  )
}

// --- calls ---

/** The call is over, with this status. */
@IgnorableReturnValue
public infix fun ObservedCall.shouldHaveStatus(code: Int): ObservedCall {
  judge(ended() && status() == code, this) { "the call should be over with $code" }
  return this
}

/** The call is over, cancelled for this cause. */
@IgnorableReturnValue
public infix fun ObservedCall.shouldBeCancelledBy(cause: CancelCause): ObservedCall {
  judge(ended() && cancelled() == cause, this) { "the call should be over, cancelled by $cause" }
  return this
}

/** So many calls are not over. */
@IgnorableReturnValue
public infix fun Calls.shouldHaveActive(count: Int): Calls {
  val now = active()
  judge(now == count, calls(this)) { "$count calls should be active, but $now are" }
  return this
}

/** So many calls began. */
@IgnorableReturnValue
public infix fun Calls.shouldHaveBegun(count: Int): Calls {
  val all = begun()
  judge(all == count, calls(this)) { "$count calls should have begun, but $all have" }
  return this
}

private fun calls(calls: Calls) = calls.all().joinToString("\n").ifEmpty { "no call began" }

// --- all ---

private fun TestResponse.judged(matcher: Matcher<TestResponse>): TestResponse {
  judge(matcher.test(this), null)
  return this
}

/** A matcher of answers, by what is wrong with one. */
private fun rule(should: String, shouldNot: String, wrong: (TestResponse) -> List<String>): Matcher<TestResponse> =
  Matcher { response ->
    val found = wrong(response)
    MatcherResult(
      found.isEmpty(),
      { "$should; ${found.joinToString("; ")}\n\n$response" },
      { "$shouldNot\n\n$response" },
    )
  }

private fun result(passed: Boolean, should: String, shouldNot: String) =
  MatcherResult(passed, { should }, { shouldNot })

private fun judge(result: MatcherResult, shown: Any?): Unit = judge(result.passed(), shown, result::failureMessage)

/** Counted and, within `assertSoftly`, collected, as Kotest's own matchers are. */
private fun judge(passed: Boolean, shown: Any?, message: () -> String) {
  assertionCounter.inc()
  if (!passed) AssertionErrorBuilder.failSoftly(message() + (shown?.let { "\n\n$it" } ?: ""))
}
