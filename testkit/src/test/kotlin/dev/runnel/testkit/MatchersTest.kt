package dev.runnel.testkit

import dev.runnel.dsl.created
import dev.runnel.dsl.json
import dev.runnel.dsl.ok
import dev.runnel.dsl.problem
import dev.runnel.dsl.routes
import dev.runnel.engine.CancelCause
import dev.runnel.http.HttpError
import dev.runnel.sse.SSE
import dev.runnel.websocket.CloseReason
import dev.runnel.ws.WS
import io.kotest.assertions.assertSoftly
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.serialization.Serializable

@Serializable private data class Tea(val name: String, val grams: Int)

private val app = routes {
  POST("/teas") { req -> created("/teas/1", req.json<Tea>()) }
  GET("/words") { ok("""{"a": tru}""").setHeader("Content-Type", "application/json") }
  GET("/much") { ok("x".repeat(9_000)) }
  GET("/bytes") { ok(byteArrayOf(0, 1, 2)) }
  GET("/several") { ok("x").header("Vary", "A").header("Vary", "B") }
  GET("/problem") { problem(409, "the tea is out") }
  GET("/gone") { throw HttpError(410, "it was drunk") }
  GET("/never") { awaitCancellation() }
  SSE("/clock") {
    for (i in 0..2) {
      send("$i", event = "tick", id = "n$i")
      delay(1.seconds)
    }
  }
  WS("/policy") { close(CloseReason.POLICY_VIOLATION, "no tea here") }
  WS("/silent") { awaitCancellation() }
}

private suspend fun failing(block: suspend ServerTest.() -> Unit): String {
  var message: String? = null
  testServer(app) { message = shouldThrow<AssertionError> { block() }.message }
  return checkNotNull(message)
}

class MatchersTest :
  FunSpec({
    test("what holds passes, and goes on") {
      testServer(app) {
        post("/teas") { json(Tea("Assam", 5)) }
          .shouldHaveStatus(201)
          .shouldHaveHeader("location", "/teas/1")
          .shouldHaveHeader("Content-Type")
          .shouldNotHaveHeader("Retry-After")
          .shouldHaveJson("""{ "grams": 5.0, "name": "Assam" }""")
          .json<Tea>() shouldBe Tea("Assam", 5)
        get("/several").shouldHaveHeader("Vary", "B")
        get("/problem").shouldBeProblem(409, title = "Conflict", type = "about:blank", detail = "out")
        get("/gone").shouldBeProblem(410, detail = "drunk")
      }
    }

    test("a status that is another shows the exchange") {
      val message = failing { post("/teas") { json(Tea("Assam", 5)) } shouldHaveStatus 200 }
      message shouldContain "the status should be 200; but is 201"
      message shouldContain "POST /teas, answered over HTTP/1.1 by http://localhost/teas"
      message shouldContain "201 Created"
      message shouldContain Regex("(?i)location: /teas/1")
      message shouldContain """{"name":"Assam","grams":5}"""
    }

    test("long bodies are cut, and bytes are counted") {
      val much = failing { get("/much") shouldHaveStatus 404 }
      much shouldContain "... (9000 bytes in all)"
      much.length shouldBe much.take(5_000).length
      failing { get("/bytes") shouldHaveStatus 404 } shouldContain "(3 bytes with control characters)"
    }

    test("fields that are missing or others") {
      failing { get("/several").shouldHaveHeader("Vary", "C") } shouldContain "but it is A and B"
      failing { get("/several").shouldHaveHeader("Age") } shouldContain "but there is no Age"
      failing { get("/several").shouldNotHaveHeader("Vary") } shouldContain "there should not be a field Vary"
    }

    test("JSON says where it differs") {
      val message = failing {
        post("/teas") { json(Tea("Assam", 5)) } shouldHaveJson """{"name":"Darjeeling","grams":"5","cup":[1]}"""
      }
      message shouldContain """$.name should be "Darjeeling", but is "Assam""""
      message shouldContain """$.grams should be "5", but is 5"""
      message shouldContain "$.cup should be [1], but is missing"
      failing { get("/words") shouldHaveJson """{"a":true}""" } shouldContain "'tru' is no value of JSON"
      failing { get("/much") shouldHaveJson "1" } shouldContain "but it is no JSON"
      testServer(app) {
        shouldThrow<IllegalArgumentException> { get("/words") shouldHaveJson "{a" }.message shouldContain "is expected"
      }
    }

    test("numbers are compared by value, and arrays by order") {
      fun differences(expected: String, actual: String) =
        JsonValues.differences(JsonValues.parse(expected), JsonValues.parse(actual))
      differences("[1, 2.50, 1e3, -0]", "[1.0,2.5,1000,0]") shouldBe emptyList()
      differences("[1,2]", "[2,1]").size shouldBe 2
      differences("[1,2]", "[1]") shouldBe listOf("$ should have 2 items, but has 1")
      differences("{}", """{"a":null}""") shouldBe listOf("$.a should not be there, but is null")
      differences("""{"a":null}""", "{}") shouldBe listOf("$.a should be null, but is missing")
      differences("null", "\"null\"").size shouldBe 1
      differences("true", "1").size shouldBe 1
      differences("[" + "1,".repeat(50) + "1]", "[" + "2,".repeat(50) + "2]").size shouldBe 11
    }

    test("a problem says all that is wrong with it") {
      val message = failing { get("/problem").shouldBeProblem(404, type = "urn:tea", detail = "milk") }
      message shouldContain "the status is 409; its status is 409"
      message shouldContain "its type is 'about:blank', and should have 'urn:tea'"
      message shouldContain "its detail is 'the tea is out', and should have 'milk'"
      val other = failing { get("/much").shouldBeProblem(200) }
      other shouldContain "not application/problem+json"
      other shouldContain "the body is no JSON object"
    }

    test("an answer that does not decode says where") {
      val message = failing {
        val unused = get("/problem").json<Tea>()
      }
      message shouldContain "does not decode"
      message shouldContain "name"
      message shouldContain "GET /problem"
    }

    test("events since the last look") {
      testServer(app) {
        val events = sse("/clock")
        events.shouldHaveData("0")
        events.shouldHaveData()
        advance(5.seconds)
        events.next().shouldHaveData("1", event = "tick", id = "n1")
        events.shouldHaveData("2")
      }
      val message = failing { sse("/clock").shouldHaveData("0", "1") }
      message shouldContain "should have the data [0, 1], but have [0]"
      message shouldContain "GET /clock: 1 events, and the stream goes on\n  event tick, id n0, data 0"
      failing { sse("/clock").next().shouldHaveData("7", event = "x") } shouldContain
        "the data should be '7', but is '0'; the type should be 'x', but is 'tick'"
    }

    test("close codes") {
      testServer(app) {
        webSocket("/policy") {
          shouldBeClosedWith(1008, "tea")
          closeReason.await().shouldHaveCode(1008)
        }
      }
      failing { webSocket("/policy") { shouldBeClosedWith(1000) } } shouldContain
        "the session should be closed with 1000, but was with 1008 no tea here"
      failing { webSocket("/silent") { shouldBeClosedWith(1000, within = 2.minutes) } } shouldContain
        "but is open after 2m"
    }

    test("calls") {
      testServer(app) {
        val never = raw().send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        calls shouldHaveActive 1
        shouldThrow<AssertionError> { calls shouldHaveActive 0 }.message shouldContain
          "GET /never, begun at PT0S, not over"
        shouldThrow<AssertionError> { calls.last() shouldHaveStatus 200 }.message shouldContain "not over"
        never.vanish()
        idle()
        calls.last() shouldBeCancelledBy CancelCause.CLIENT_GONE
        get("/several").shouldHaveStatus(200)
        calls shouldHaveBegun 2
        calls.last() shouldHaveStatus 200
        shouldThrow<AssertionError> { calls.last() shouldBeCancelledBy CancelCause.TIMEOUT }.message shouldContain
          "cancelled by TIMEOUT"
        shouldThrow<AssertionError> { calls shouldHaveBegun 3 }.message shouldContain "3 calls should have begun, but 2"
      }
    }

    test("soft assertions collect") {
      val message = failing {
        val answer = get("/several")
        assertSoftly {
          answer shouldHaveStatus 500
          answer.shouldHaveHeader("Age")
        }
      }
      message shouldContain "the status should be 500"
      message shouldContain "there is no Age"
    }
  })
