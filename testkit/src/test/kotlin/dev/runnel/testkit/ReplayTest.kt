package dev.runnel.testkit

import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.dsl.text
import dev.runnel.http.Response
import dev.runnel.routing.Routes
import dev.runnel.sse.SSE
import dev.runnel.ws.WS
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay

private fun app(
  recorder: Recorder? = null,
  greeting: String = "Hello",
  pace: kotlin.time.Duration = 1.seconds,
  key: String = "sesame",
): Routes = routes {
  recorder?.let { use(it) }
  GET("/hello/{name}") { req -> ok("$greeting, ${req.path("name")}").header("X-Greeting", greeting) }
  POST("/echo") { req ->
    val text = req.text()
    delay(pace)
    ok(text)
  }
  POST("/login") { req ->
    if (req.header("Authorization") == "Bearer $key") ok("""{"token":"$key"}""") else Response.of(401)
  }
  GET("/moved") { Response.redirect("/hello/you") }
  GET("/bug") { error("a bug") }
  SSE("/clock") {
    repeat(3) {
      send("tick $it")
      delay(pace)
    }
  }
  WS("/upper") { incoming.collect { send(it.text().uppercase()) } }
  SSE("/endless") {
    var i = 0
    while (true) {
      send("${i++}")
      delay(pace)
    }
  }
}

class ReplayTest :
  FunSpec({
    suspend fun record(
      options: TestOptions = TestOptions.DEFAULT,
      calls: suspend ServerTest.() -> Unit,
    ): List<Recording> {
      val kept = CopyOnWriteArrayList<Recording>()
      testServer(app(Recorder.to { kept += it }), options = options, block = calls)
      return kept
    }

    for (protocol in TestProtocol.entries) {
      val options = TestOptions.DEFAULT.withProtocol(protocol)

      test("$protocol: what was recorded is answered the same") {
        val recordings =
          record(options) {
            get("/hello/you").status() shouldBe 200
            post("/echo") { text("some text") }.text() shouldBe "some text"
            get("/nowhere").status() shouldBe 404
            get("/bug").status() shouldBe 500
            get("/clock").status() shouldBe 200
          }
        recordings shouldHaveSize 5
        testServer(app(), options = options) {
          for (recording in recordings) replay(recording) { withTimes() }.shouldMatchRecording()
        }
      }
    }

    test("the pieces of a request leave at the times they had") {
      val kept = record {
        val peer = raw()
        peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        advance(20.seconds)
        peer.send("3\r\ndef\r\n")
        advance(5.seconds)
        peer.send("0\r\n\r\n")
        peer.answer().text() shouldBe "abcdef"
      }
      testServer(app()) {
        val replayed = replay(kept.single()) { withTimes() }.shouldMatchRecording()
        replayed.actual.answer.headMillis shouldBe 26_000
        elapsed shouldBe 26.seconds
      }
    }

    test("a stream that its client left is left at the same time") {
      val kept = record {
        val events = sse("/endless")
        advance(3500.milliseconds)
        events.vanish()
      }
      testServer(app()) {
        val replayed = replay(kept.single()) { withTimes() }.shouldMatchRecording()
        replayed.actual.answer.body.pieces shouldHaveSize 4
        elapsed shouldBe 3500.milliseconds
        idle()
        calls.active() shouldBe 0
      }
    }

    test("status, fields and body that differ are told, with both exchanges") {
      val recording = record { get("/hello/you").status() shouldBe 200 }.single()
      testServer(app(greeting = "Goodbye")) {
        val replayed = replay(recording)
        replayed.differences shouldContainExactly
          listOf(
            "field X-Greeting: expected 'Hello', but was 'Goodbye'",
            "body: at byte 0 expected 'Hello, you', but was 'Goodbye, you'",
          )
        val error = shouldThrow<AssertionError> { replayed.shouldMatchRecording() }
        error.message shouldContain "GET /hello/you was not answered as it was recorded:"
        error.message shouldContain ": Hello, you\n"
        error.message shouldContain ": Goodbye, you\n"
        replay(recording) { ignoring("x-greeting") }.differences shouldHaveSize 1
      }
      testServer(routes { GET("/other") { ok() } }) {
        replay(recording).differences.first() shouldBe "status: expected 200, but was 404"
      }
    }

    test("times are compared when asked, within the tolerance") {
      val recording = record { get("/clock").status() shouldBe 200 }.single()
      testServer(app(pace = 1500.milliseconds)) {
        replay(recording).differences.shouldBeEmpty()
        replay(recording) { withTimes() }.differences shouldContainExactly
          listOf(
            "the body up to byte 28: expected at 1000 ms, but was at 1500 ms",
            "the body up to byte 42: expected at 2000 ms, but was at 3000 ms",
            "the end: expected at 3000 ms, but was at 4500 ms",
          )
        replay(recording) { withTimes(Duration.ofMillis(1500)) }.differences.shouldBeEmpty()
      }
    }

    test("what was redacted is given to the replay, and redacted in its answer") {
      val recording = record {
        post("/login") {
            header("Authorization", "Bearer sesame")
            text("")
          }
          .text() shouldBe """{"token":"sesame"}"""
      }
        .single()
      recording.text() shouldContain """{"token":"(redacted)"}"""
      testServer(app(key = "other")) {
        replay(recording).differences.first() shouldBe "status: expected 200, but was 401"
        replay(recording.request(recording.request.withHeader("Authorization", "Bearer other"))).shouldMatchRecording()
      }
    }

    test("a redirect is an answer") {
      val recording = record { raw().send("GET /moved HTTP/1.1\r\nHost: x\r\n\r\n").answer().status() shouldBe 302 }
      testServer(app()) { replay(recording.single()).shouldMatchRecording() }
    }

    test("what follows an upgrade cannot be replayed, and says so") {
      val kept = record { webSocket("/upper") { send("hello") } }
      kept.single().answer.status shouldBe 101
      kept.single().text() shouldContain "end @0 ms, upgraded\n"
      testServer(app()) {
        shouldThrow<IllegalArgumentException> { replay(kept.single()) }.message shouldContain "upgrade"
      }
    }

    test("an answer that does not come, or ends too early, is a difference") {
      val recording = record { get("/clock").status() shouldBe 200 }.single()
      val broken = routes {
        SSE("/clock") {
          send("tick 0")
          error("it stops here")
        }
      }
      testServer(broken) {
        replay(recording).differences shouldContainExactly
          listOf(
            "body: at byte 14 expected 'data: tick 0\\n\\ndata: tick 1\\n\\ndata: tick 2\\n\\n', but was the end after 14 bytes",
            "end: expected complete, but was broken off at 0 ms",
          )
      }
      testServer(routes { SSE("/clock") { delay(1.seconds * 100_000) } }) {
        val differences = replay(recording).differences
        differences.last() shouldContain "end: expected complete, but was still not over at"
      }
    }
  })
