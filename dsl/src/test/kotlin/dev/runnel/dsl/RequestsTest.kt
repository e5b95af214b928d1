package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import dev.runnel.engine.RouteMatch
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Request
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import java.security.Principal
import java.util.UUID
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext

class RequestsTest :
  FunSpec({
    fun matched(vararg params: Pair<String, String>) =
      FakeExchange().apply {
        matched(
          object : RouteMatch {
            override fun pattern() = "/x"

            override fun param(name: String) = params.toMap()[name]
          }
        )
      }

    test("path parameters by type") {
      val id = UUID.randomUUID()
      val x =
        call(matched("id" to "7", "big" to "9876543210", "uuid" to "$id", "name" to "x")) {
          val path = it.path
          path.int("id") shouldBe 7
          path.long("big") shouldBe 9876543210
          path.uuid("uuid") shouldBe id
          path["name"] shouldBe it.path("name")
          path.orNull("absent") shouldBe null
          ok()
        }
      x.status shouldBe 200
    }

    for ((read, text) in
      listOf<Pair<(Request) -> Any?, String>>(
        { r: Request -> r.path.int("id") } to "path parameter 'id' must be an integer, but is 'x'",
        { r: Request -> r.path.long("id") } to "path parameter 'id' must be a 64-bit integer, but is 'x'",
        { r: Request -> r.path.uuid("short") } to "path parameter 'short' must be a UUID, but is '1-1-1-1-1'",
        { r: Request -> r.query.int("n") } to "query parameter 'n' must be an integer, but is 'many'",
        { r: Request -> r.query.long("n") } to "query parameter 'n' must be a 64-bit integer, but is 'many'",
        { r: Request -> r.query.boolean("n") } to "query parameter 'n' must be true or false, but is 'many'",
        { r: Request -> r.query.require("absent") } to "query parameter 'absent' is missing",
      )) {
      test("400: $text") {
        val x = FakeExchange(target = "/?n=many")
        x.matched(
          object : RouteMatch {
            override fun pattern() = "/x"

            override fun param(name: String) = mapOf("id" to "x", "short" to "1-1-1-1-1")[name]
          }
        )
        call(x) { ok("${read(it)}") }
        val error = x.failures.single().shouldBeInstanceOf<HttpError>()
        error.status().code() shouldBe 400
        error.problem().detail() shouldBe text
        error.problem().extensions().keys shouldBe setOf("parameter")
      }
    }

    test("query parameters by type") {
      val x =
        call(FakeExchange(target = "/?a=1&b=true&c=x&c=y")) {
          it.query.int("a") shouldBe 1
          it.query.long("a") shouldBe 1L
          it.query.boolean("b") shouldBe true
          it.query.list("c") shouldBe listOf("x", "y")
          it.query.int("absent") shouldBe null
          ("a" in it.query) shouldBe true
          it.query.names shouldBe setOf("a", "b", "c")
          it.query("c") shouldBe "x"
          ok()
        }
      x.status shouldBe 200
    }

    test("text, bytes and form wait for the body") {
      val x = FakeExchange(headers = Headers.of("Content-Type", "application/x-www-form-urlencoded"))
      call(x) { ok(it.form().list("a").toString()) }
      x.body.feed("a=1&")
      x.isOver shouldBe false
      x.body.feed("a=2")
      x.body.finish()
      x.sent.toString() shouldBe "[1, 2]"
    }

    test("over the limit is 413, another type than a form 415") {
      val x = FakeExchange()
      x.body.limit = 3
      call(x) { ok(it.text()) }
      x.body.feed("1234")
      x.status shouldBe 413
      call { ok("${it.form()}") }.status shouldBe 415
    }

    test("the body as a flow asks for bytes only when it is collected") {
      val x = FakeExchange()
      val got = ArrayList<String>()
      call(x) { request ->
        delay(1.seconds)
        request.body.collect {
          got += String(it)
          delay(1.seconds)
        }
        ok()
      }
      x.body.feed("a")
      x.body.demands shouldBe 0
      x.loop.advance(1.seconds)
      got shouldBe listOf("a")
      x.body.demands shouldBe 0
      x.loop.advance(1.seconds)
      x.body.demands shouldBe 1
      x.body.feed("b")
      x.body.finish()
      x.loop.advance(1.seconds)
      got shouldBe listOf("a", "b")
      x.status shouldBe 200
    }

    test("the body can be collected once, also in part and from another dispatcher") {
      val x = FakeExchange()
      call(x) { request ->
        val first = request.body.flowOn(Dispatchers.Default).take(1).toList()
        val again = runCatching { request.body.collect() }.exceptionOrNull()
        ok(String(first.single()) + again!!.message)
      }
      x.body.feed("a")
      x.loop.runUntil { x.isOver }
      x.sent.toString() shouldContain "taken already"
    }

    test("a body can be read from another dispatcher") {
      val x = FakeExchange()
      x.body.feed("text")
      x.body.finish()
      call(x) { request -> ok(withContext(Dispatchers.Default) { request.body.toList() }.joinToString { String(it) }) }
      x.loop.runUntil { x.isOver }
      x.sent.toString() shouldBe "text"
    }

    test("a lost client ends reading with the cause") {
      for (read in listOf<suspend (Request) -> Any>({ it.text() }, { it.body.toList() })) {
        var cause: Throwable? = null
        val x = call {
          try {
            ok("${read(it)}")
          } catch (e: Throwable) {
            cause = e
            throw e
          }
        }
        x.cancel(CancelCause.CLIENT_GONE)
        cause.shouldBeInstanceOf<ClientGone>()
      }
    }

    test("attributes and the principal belong to the call, whatever decorates its request") {
      val key = Request.Key.of<String>("key")
      val auth = filter { request, next ->
        request.principal = Principal { "alice" }
        request[key] = "value"
        next(request.withHeaders { it.with("X", "y") })
      }
      val x = call(FakeExchange(), auth) { ok(it.principal!!.name + it[key]) }
      x.sent.toString() shouldBe "alicevalue"
    }

    test("the clock is the loop's") {
      val x = call {
        val start = it.clock.markNow()
        delay(3.seconds)
        ok("${start.elapsedNow()}")
      }
      x.loop.advance(3.seconds)
      x.sent.toString() shouldBe "3s"
    }
  })
