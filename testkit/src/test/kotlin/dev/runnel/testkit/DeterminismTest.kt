package dev.runnel.testkit

import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.dsl.text
import dev.runnel.sse.SSE
import dev.runnel.ws.WS
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first

private const val RUNS = 1_000

private val app = routes {
  GET("/late/{n}") { req ->
    delay(req.path("n").toLong().milliseconds)
    ok("late by ${req.path("n")}")
  }
  GET("/broken") { error("on purpose") }
  POST("/echo") { req -> ok(req.text()) }
  SSE("/clock") {
    repeat(100) {
      send("$it")
      delay(10.milliseconds)
    }
  }
  WS("/upper") { incoming.collect { send(it.text().uppercase()) } }
}

/** Several connections at once, in random pieces and turns; gives the checksum of all that was on the wires. */
private suspend fun run(seed: Long): Long {
  var checksum = 0L
  testServer(app, Faults.randomPieces(), options = TestOptions.DEFAULT.withSeed(seed)) {
    val events = sse("/clock")
    val pipelined = raw()
    pipelined.send((1..2).joinToString("") { "GET /late/$it HTTP/1.1\r\nHost: a\r\n\r\n" })
    val multiplexed = http2()
    val streams = (0..1).map { multiplexed.get("/late/${20 - 5 * it}") }
    webSocket("/upper") {
      send("hello")
      incoming.first().text() shouldBe "HELLO"
    }
    post("/echo") { text("hello") }.text() shouldBe "hello"
    advance(30.milliseconds)
    (1..2).forEach { pipelined.answer().text() shouldBe "late by $it" }
    streams.forEachIndexed { i, stream ->
      multiplexed.expectHeaders(stream).status() shouldBe 200
      multiplexed.expectBody(stream) shouldBe "late by ${20 - 5 * i}"
    }
    events.received().take(3).map { it.data() } shouldBe listOf("0", "1", "2")
    events.vanish()
    checksum = server.checksum()
  }
  return checksum
}

/** A problem document, which has the id of its call. */
private suspend fun broken(seed: Long): String {
  var body = ""
  testServer(app, options = TestOptions.DEFAULT.withSeed(seed)) {
    val answer = get("/broken")
    answer.status() shouldBe 500
    body = answer.text()
  }
  return body
}

class DeterminismTest :
  FunSpec({
    test("the same seed gives the same trace $RUNS times") {
      val first = run(1)
      repeat(RUNS - 1) { run(1) shouldBe first }
    }

    test("ids of calls are by the seed") {
      val bodies = (1..2).map { broken(1) }
      bodies[0] shouldBe bodies[1]
      broken(2) shouldNotBe bodies[0]
    }

    test("other seeds give other traces") { (1L..20L).map { run(it) }.toSet() shouldHaveSize 20 }
  })
