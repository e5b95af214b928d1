package dev.runnel.samples.showcase

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.security.cert.X509Certificate
import java.time.Duration
import java.time.Instant
import javax.net.ssl.SSLContext
import javax.net.ssl.X509TrustManager

class ShowcaseTest : ShowcaseSpec(HttpClient.Version.HTTP_1_1)

/** The same over HTTP/2 and TLS: no handler can tell. */
class SecureShowcaseTest : ShowcaseSpec(HttpClient.Version.HTTP_2)

abstract class ShowcaseSpec(version: HttpClient.Version) :
  FunSpec({
    val place = Place(port = 0, tlsPort = if (version == HttpClient.Version.HTTP_2) 0 else null)
    val server = start(place)
    val root = secureUri(server, place) ?: server.uri()
    val client = HttpClient.newBuilder().version(version).sslContext(trustingAll()).build()

    fun send(method: String, path: String, body: String? = null, vararg headers: String): HttpResponse<String> {
      val publisher = body?.let { BodyPublishers.ofString(it) } ?: BodyPublishers.noBody()
      val request = HttpRequest.newBuilder(root.resolve(path)).method(method, publisher)
      if (headers.isNotEmpty()) request.headers(*headers)
      return client.send(request.build(), BodyHandlers.ofString()).also { it.version() shouldBe version }
    }

    fun get(path: String, vararg headers: String) = send("GET", path, null, *headers)

    afterSpec { server.stop(Duration.ofSeconds(5)).cancelled() shouldBe 0 }

    test("the list is HTML for browsers and text for others") {
      get("/", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8").body() shouldStartWith "<!doctype html>"
      get("/", "Accept", "*/*").body() shouldStartWith "Runnel showcase"
    }

    test("every path of the list answers") {
      val paths = get("/").body().lines().filter { it.startsWith("/") }
      paths.size shouldBe 28
      for (line in paths.filter { "GET" in it && "WebSocket" !in it }) {
        val path =
          line
            .substringBefore(' ')
            .replace(Regex("\\{[^}]*}"), "1")
            .replace("/clock", "/clock?n=1")
            .replace("/changes", "/changes?n=1")
        listOf(200, 301, 404, 418) shouldContain get(path).statusCode()
      }
    }

    test("several calls to another service are one answer") {
      val answer = get("/prices?item=tea&item=milk").body()
      answer shouldContain "\"item\":\"tea\""
      answer shouldContain "\"item\":\"milk\""
    }

    test("the stream of events of another service is passed on") {
      val answer = get("/changes?n=2", "Accept", "text/event-stream").body()
      answer.lines().count { it.startsWith("data:") } shouldBe 2
      answer shouldContain "change 2"
    }

    test("whatever goes to the shop is answered by the shop") {
      get("/shop/price/tea").body() shouldContain "\"item\":\"tea\""
      send("PUT", "/shop/a/b?c=d", "body").body() shouldBe "the shop got PUT /a/b?c=d\n"
    }

    test("echo takes any method and gives the type back") {
      for (method in listOf("POST", "PUT", "PATCH", "DELETE", "PURGE")) {
        val answer = send(method, "/echo", "body of $method", "Content-Type", "text/x-test")
        answer.body() shouldBe "body of $method"
        answer.headers().firstValue("Content-Type").get() shouldBe "text/x-test"
      }
    }

    test("bytes and sink, small and large") {
      get("/bytes/0").body() shouldBe ""
      get("/bytes/10").body() shouldBe "xxxxxxxxxx"
      get("/bytes/1000000").body().length shouldBe 1_000_000
      send("POST", "/sink", "x".repeat(3_000_000)).body() shouldBe "3000000 bytes\n"
    }

    test("what is too much is refused with the limit") {
      get("/bytes/100000001").statusCode() shouldBe 400
      get("/stream/10001").body() shouldContain "within 0..10000"
      get("/delay/60001").body() shouldContain "within 0..60000"
    }

    test("users: add, read, change, remove") {
      val added = send("POST", "/users", """{"name":"Grace","age":45}""")
      added.statusCode() shouldBe 201
      val place = added.headers().firstValue("Location").get()
      get(place).body() shouldContain "Grace"
      send("PUT", place, """{"name":"Grace","age":46}""").body() shouldContain "46"
      send("PUT", place, """{"name":"Grace"}""").statusCode() shouldBe 400
      send("DELETE", place).statusCode() shouldBe 204
      get(place).statusCode() shouldBe 404
      send("DELETE", place).statusCode() shouldBe 404
      send("POST", "/users", """{"name":" ","age":1}""").statusCode() shouldBe 422
    }

    test("an early answer to a slow handler, a redirect, an error") {
      get("/impatient/5000").statusCode() shouldBe 503
      get("/old").headers().firstValue("Location").get() shouldBe "/json"
      get("/teapot").body() shouldContain "no coffee"
    }

    test("the clock ticks each second, as a stream of events") {
      val answer = get("/clock?n=2", "Accept", "text/event-stream")
      answer.headers().firstValue("Content-Type").get() shouldBe "text/event-stream"
      val (first, second) =
        Regex("id: \\d\ndata: (\\S+)\n\n").findAll(answer.body()).map { Instant.parse(it.groupValues[1]) }.toList()
      second shouldBeGreaterThan first
      get("/clock", "Accept", "text/html").statusCode() shouldBe 406
    }

    test("a form, a cookie, a file") {
      val form = "application/x-www-form-urlencoded"
      send("POST", "/form", "name=A%20B&likes=x&likes=y", "Content-Type", form).body() shouldBe "A B likes x, y\n"
      send("POST", "/form", "likes=x", "Content-Type", form).statusCode() shouldBe 400
      get("/cookie", "Cookie", "visits=4").headers().firstValue("Set-Cookie").get() shouldStartWith "visits=5;"
      get("/file").body().lines().size shouldBe 1001
    }

    test("options of the command line") {
      place(listOf("--port", "0", "--host=::1")) shouldBe Place(0, "::1")
      place(listOf("--tls-port", "8443")) shouldBe Place(8080, "127.0.0.1", 8443)
      shouldThrow<UsageError> { place(listOf("--tls-port", "70000")) }.message shouldBe
        "--tls-port must be a number within 0..65535, but is '70000'"
      shouldThrow<UsageError> { place(listOf("--port", "x")) }.message shouldBe
        "--port must be a number within 0..65535, but is 'x'"
      shouldThrow<UsageError> { place(listOf("--port")) }.message shouldBe "--port needs a value"
      shouldThrow<UsageError> { place(listOf("--what", "x")) }.message shouldBe "unknown option '--what'"
    }
  })

/** A client that asks nobody whom it talks to; the names in the certificate are checked all the same. */
private fun trustingAll(): SSLContext {
  val trust =
    object : X509TrustManager {
      override fun checkClientTrusted(chain: Array<X509Certificate>, type: String) = Unit

      override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) = Unit

      override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
    }
  return SSLContext.getInstance("TLS").apply { init(null, arrayOf(trust), null) }
}
