package dev.runnel.dsl

import dev.runnel.http.HttpError
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.serializer

@Serializable private data class NewUser(val name: String, val age: Int)

@Serializable private data class Defaults(val a: Int = 1, val b: String? = null)

@Serializable
private enum class Color {
  RED,
  @SerialName("blue") BLUE,
}

@Serializable private data class Order(val id: Long, val lines: List<Item>, val color: Color = Color.RED)

@Serializable private data class Item(val sku: String, val count: Short, val prices: Map<String, Double> = emptyMap())

@Serializable private data class Tree(val child: Tree? = null)

@Serializable
private sealed interface Shape {
  @Serializable @SerialName("circle") data class Circle(val radius: Double) : Shape

  @Serializable data class Square(val side: Int) : Shape
}

@Serializable
private data class Positive(val n: Int) {
  init {
    require(n > 0) { "secret detail of dev.runnel" }
  }
}

@Serializable @JvmInline private value class Email(val text: String)

private class NotSerializable

class JsonTest :
  FunSpec({
    suspend fun <T> failure(document: String, decode: suspend (ByteArray) -> T): String {
      val error = shouldThrow<HttpError> { decode(document.toByteArray()) }
      error.status().code() shouldBe 400
      val detail = error.problem().detail()!!
      detail shouldNotContain "dev.runnel"
      detail shouldNotContain "kotlin"
      detail shouldNotContain "secret"
      return detail
    }

    for ((document, detail) in
      listOf(
        "" to "the document must be JSON, but is empty",
        "{" to "the document must be complete, but ends too early",
        "{\"name\":\"x\",}" to "the document must be JSON, but is malformed (line 1, column 13)",
        "{\"name\":nul}" to "the document must be JSON, but is malformed (line 1, column 12)",
        "{\"name\":\"a\\x\"}" to "the document must be JSON, but is malformed (line 1, column 12)",
        "[1 2]" to "the document must be JSON, but is malformed (line 1, column 4)",
        "{} {}" to "the document must be JSON, but is malformed (line 1, column 4)",
        "[1," to "the document must be complete, but ends too early",
        "{\"name\":\"a" to "the document must be complete, but ends too early",
        "{\n  \"name\" \"x\"}" to "the document must be JSON, but is malformed (line 2, column 10)",
        "[1]" to "the document must be an object, but is an array",
        "7" to "the document must be an object, but is the number 7",
        "null" to "the document must be an object, but is null",
        "{\"age\":1}" to "name must be a string, but is missing",
        "{\"name\":null,\"age\":1}" to "name must be a string, but is null",
        "{\"name\":{},\"age\":1}" to "name must be a string, but is an object",
        "{\"name\":7,\"age\":1}" to "name must be a string, but is the number 7",
        "{\"name\":\"x\",\"age\":\"old\"}" to "age must be a 32-bit integer, but is the string \"old\"",
        "{\"name\":\"x\",\"age\":1.5}" to "age must be a 32-bit integer, but is the number 1.5",
        "{\"name\":\"x\",\"age\":99999999999}" to "age must be a 32-bit integer, but is the number 99999999999",
        "{\"name\":\"x\",\"age\":true}" to "age must be a 32-bit integer, but is true",
      )) {
      test("$document: $detail") {
        failure(document) { decodeJson<NewUser>(it, serializer(), DefaultJson) } shouldBe detail
      }
    }

    for ((document, detail) in
      listOf(
        "{\"id\":1,\"lines\":{}}" to "lines must be an array, but is an object",
        "{\"id\":1,\"lines\":[{\"sku\":\"a\",\"count\":1},{\"sku\":\"b\",\"count\":70000}]}" to
          "lines[1].count must be a 16-bit integer, but is the number 70000",
        "{\"id\":1,\"lines\":[{\"sku\":\"a\",\"count\":1,\"prices\":{\"a b\":\"x\"}}]}" to
          "lines[0].prices[\"a b\"] must be a number, but is the string \"x\"",
        "{\"id\":1,\"lines\":[],\"color\":\"green\"}" to "color must be one of RED, blue, but is the string \"green\"",
        "{\"id\":1,\"lines\":[],\"color\":3}" to "color must be one of RED, blue, but is the number 3",
      )) {
      test("$document: $detail") {
        failure(document) { decodeJson<Order>(it, serializer(), DefaultJson) } shouldBe detail
      }
    }

    for ((document, detail) in
      listOf(
        "{}" to "type must name a known type, but is missing",
        "{\"type\":\"cube\"}" to "type must name a known type, but is the string \"cube\"",
        "{\"type\":\"circle\",\"radius\":\"big\"}" to "radius must be a number, but is the string \"big\"",
      )) {
      test("sealed $document: $detail") {
        failure(document) { decodeJson<Shape>(it, serializer(), DefaultJson) } shouldBe detail
      }
    }

    test("other ways not to fit") {
      failure("{\"n\":0}") { decodeJson<Positive>(it, serializer(), DefaultJson) } shouldBe
        "the document has a value that is not allowed"
      failure("7") { decodeJson<Email>(it, serializer(), DefaultJson) } shouldBe
        "the document must be a string, but is the number 7"
      failure("[1,\"x\"]") { decodeJson<List<Int>>(it, serializer(), DefaultJson) } shouldContain "[1] must be"
      shouldThrow<HttpError> { decodeJson<NewUser>(byteArrayOf(-1, 34), serializer(), DefaultJson) }
        .problem()
        .detail() shouldBe "the document must be UTF-8, but is malformed at byte 0"
    }

    test("a document nested too deep is the client's fault") {
      val deep = "{\"child\":".repeat(100_000) + "null" + "}".repeat(100_000)
      failure(deep) { decodeJson<Tree>(it, serializer(), DefaultJson) } shouldContain "nested too deep"
    }

    test("unknown members are skipped, defaults written, nulls and lists of types decode") {
      decodeJson<NewUser>("{\"name\":\"x\",\"age\":1,\"more\":[]}".toByteArray(), serializer(), DefaultJson)
        .age shouldBe 1
      ok(Defaults()).text shouldBe "{\"a\":1,\"b\":null}"
      decodeJson<NewUser?>("null".toByteArray(), serializer(), DefaultJson) shouldBe null
    }

    test("json() in a handler: 400 of the engine's kind, with the cause for the log") {
      val x = FakeExchange(method = "POST")
      call(x) { created("/users/1", it.json<NewUser>()) }
      x.body.feed("{\"name\":\"x\",\"age\":\"old\"}")
      x.body.finish()
      x.status shouldBe 400
      x.header("Content-Type") shouldBe "application/problem+json"
    }

    test("json() with rules of its own") {
      val x = FakeExchange(method = "POST")
      call(x) { ok(it.json<NewUser>(Json { isLenient = true })) }
      x.body.feed("{name:x,age:1}")
      x.body.finish()
      x.sent.toString() shouldBe "{\"name\":\"x\",\"age\":1}"
    }

    test("a missing serializer is our fault, in answers and in json(), before the body is read") {
      val x = call { ok(NotSerializable()) }
      x.status shouldBe 500
      x.failures.single().shouldBeInstanceOf<IllegalStateException>().message shouldContain "NotSerializable"
      val y = call {
        val _ = it.json<NotSerializable>()
        ok()
      }
      y.status shouldBe 500
      y.body.demands shouldBe 0
    }
  })

class JsonSyntaxTest :
  FunSpec({
    for (document in
      listOf(
        "0",
        "-0",
        "1.5e+10",
        "\"\"",
        "\"\\u00e9\\n\\\\\"",
        "[]",
        "{}",
        " [ 1 , [ ] , { \"a\" : null } ] ",
        "true",
      )) {
      test("$document is JSON") { JsonSyntax(document).firstError() shouldBe -1 }
    }

    for ((document, index) in
      listOf(
        "" to 0,
        "-" to 1,
        "01" to 1,
        "1." to 2,
        "1e" to 2,
        "+1" to 0,
        ".5" to 0,
        "[1,]" to 3,
        "{,}" to 1,
        "{1:2}" to 1,
        "{\"a\" 1}" to 5,
        "[}" to 1,
        "\"a\nb\"" to 2,
        "\"\\u12g4\"" to 5,
        "tru" to 3,
        "nulL" to 3,
        "\u0000" to 0,
        "'a'" to 0,
      )) {
      test("${document.replace("\n", "\\n").replace("\u0000", "NUL")} breaks at $index") {
        JsonSyntax(document).firstError() shouldBe index
      }
    }

    test("what is nested without end needs no stack") { JsonSyntax("[".repeat(1_000_000)).firstError() shouldBe 400 }
  })
