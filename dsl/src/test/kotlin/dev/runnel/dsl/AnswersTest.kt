package dev.runnel.dsl

import dev.runnel.http.Cookie
import dev.runnel.http.HttpError
import dev.runnel.http.Problem
import dev.runnel.http.Status
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import java.nio.file.Path
import kotlinx.serialization.Serializable

@Serializable private data class Thing(val n: Int)

/**
 * What must not compile, checked by hand with the compiler (2.4.10): `ok(null)`, `ok(nullable)`, `ok(ok())`,
 * `ok(File("x"))`, `ok(StringBuilder())`; a GET, use or path within a handler; `delay(1)` within `blocking { }`;
 * `notFound()` as a statement whose value is dropped.
 */
class AnswersTest :
  FunSpec({
    test("statuses and headers") {
      ok().status() shouldBe Status.OK
      created("/a").headers().get("Location") shouldBe "/a"
      created("/a", Thing(1)).text shouldBe "{\"n\":1}"
      created("/a", Thing(1)).status() shouldBe Status.CREATED
      accepted().status().code() shouldBe 202
      accepted(Thing(1)).text shouldBe "{\"n\":1}"
      noContent().status().code() shouldBe 204
      redirect("/b").status().code() shouldBe 302
      redirect("/b", 308).status().code() shouldBe 308
      shouldThrow<IllegalArgumentException> { redirect("/b", 200) }
      badRequest().status().code() shouldBe 400
      unauthorized("Basic realm=\"x\"").headers().get("WWW-Authenticate") shouldBe "Basic realm=\"x\""
      forbidden().status().code() shouldBe 403
      notFound("no such user").text shouldContain "no such user"
      conflict().status().code() shouldBe 409
      unprocessable().status().code() shouldBe 422
      status(418).status().code() shouldBe 418
      shouldThrow<IllegalArgumentException> { status(42) }
      problem(Problem.of(Status.GONE, "gone").with("since", 2020)).text shouldContain "\"since\":2020"
    }

    test("bodies and their types") {
      fun type(response: dev.runnel.http.Response) = response.headers().get("Content-Type")
      type(ok("text")) shouldBe "text/plain; charset=utf-8"
      ok("text").text shouldBe "text"
      type(ok(byteArrayOf(1))) shouldBe "application/octet-stream"
      type(text("x")) shouldBe "text/plain; charset=utf-8"
      type(html("<p>")) shouldBe "text/html; charset=utf-8"
      type(ok(Thing(1))) shouldBe "application/json"
      ok(listOf(Thing(1), Thing(2))).text shouldBe "[{\"n\":1},{\"n\":2}]"
      ok(mapOf("a" to 1)).text shouldBe "{\"a\":1}"
      ok(5).text shouldBe "5"
      notFound().json(Thing(1)).status().code() shouldBe 404
      notFound().json(Thing(1)).text shouldBe "{\"n\":1}"
      val file = Files.createTempFile("answer", ".html")
      type(ok(file)) shouldBe "text/html; charset=utf-8"
      Files.delete(file)
      shouldThrow<HttpError> { ok(file) }.status().code() shouldBe 404
      shouldThrow<HttpError> { ok(Path.of("/")) }
    }

    test("cookies") { ok().cookie(Cookie.of("a", "b")).headers().get("Set-Cookie") shouldBe "a=b" }
  })
