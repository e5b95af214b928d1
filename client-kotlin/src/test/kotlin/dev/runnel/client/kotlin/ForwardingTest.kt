package dev.runnel.client.kotlin

import dev.runnel.client.MemoryCookieJar
import dev.runnel.client.ReverseProxy
import dev.runnel.dsl.body
import dev.runnel.dsl.ok
import dev.runnel.dsl.redirect
import dev.runnel.http.Body
import dev.runnel.http.Cookie
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.Uri
import dev.runnel.transport.Destination.Protocol
import dev.runnel.ws.WS
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.future.await

class ForwardingTest :
  FunSpec({
    val strip = ReverseProxy.DEFAULT.withoutPrefix("/to")

    test("head, body and answer pass; what is about one connection does not") {
      Lab({ cookies(MemoryCookieJar()) }) { lab ->
          method("POST", "/to/{path...}") { lab.client.forward(it, "http://behind/base", strip) }
          GET("/to/{path...}") { lab.client.forward(it, "http://behind/base", strip) }
          POST("/base/echo") { request ->
            ok(request.body)
              .header("X-Target", request.target())
              .header("X-Host", request.authority())
              .header("X-Via", request.header("Via")!!)
              .header("X-For", request.header("X-Forwarded-For").toString() + request.header("X-Forwarded-Host"))
              .header("X-Secret", request.header("X-Private").toString())
              .header("X-Agent", request.header("User-Agent").toString())
          }
          GET("/base/moved") { redirect("/elsewhere").cookie(Cookie.of("a", "b")) }
          GET("/base/file") { ok("12345") }
        }
        .use { lab ->
          lab.run {
            val answer =
              lab.client.post("http://front/to/echo?a=%20b") {
                flow(flow { repeat(3) { emit("$it".toByteArray()) } })
                header("User-Agent", "own")
              }
            answer.text() shouldBe "012"
            val headers = answer.headers()
            headers.get("X-Target") shouldBe "/base/echo?a=%20b"
            headers.get("X-Host") shouldBe "behind"
            headers.get("X-Via") shouldBe "1.1 runnel"
            headers.get("Via") shouldBe "1.1 runnel"
            headers.get("X-For")!! shouldContain "front"
            headers.get("X-Agent") shouldBe "own"
            val plain = httpLike(lab)
            plain.status().code() shouldBe 302
            val head = lab.client.head("http://front/to/file")
            head.headers().get("Content-Length") shouldBe "5"
          }
        }
    }

    test("a WebSocket session passes") {
      val behind = OnSockets { WS("/chat") { incoming.collect { send("got " + it.text()) } } }
      behind.run { at ->
        val front = OnSockets { GET("/to/{path...}") { behind.client.forward(it, at.replace("ws:", "http:"), strip) } }
        for (version in listOf(Protocol.HTTP_1_1, Protocol.HTTP_2)) {
          front.run { there ->
            front.client.webSocket("$there/to/chat", build = { options { withProtocol(version) } }) {
              send("x")
              incoming.map { it.text() }.first() shouldBe "got x"
            }
          }
        }
      }
    }

    // RFC 9110 7.8, RFC 6455 4.2.1; the key and its answer are those of RFC 6455 1.3.
    test("another protocol is asked for in whatever letters, and among others") {
      val taken = Body.Upgrade { raw -> raw.close() }
      val behind = OnSockets {
        WS("/chat") { awaitCancellation() }
        GET("/other") { Response.upgrade("other", taken) }
      }
      behind.run { at ->
        val front = OnSockets { GET("/to/{path...}") { behind.client.forward(it, at.replace("ws:", "http:"), strip) } }
        front.run { there ->
          suspend fun answer(path: String, asked: String): Headers {
            val fields = Headers.of("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version", "13")
            val upgraded = front.client.javaClient.upgrade(Request.get(there + path), asked) { fields }.await()
            upgraded.loop().execute { upgraded.connection().reset() }
            return upgraded.head().headers()
          }
          for (asked in listOf("websocket", "WebSocket", "h2c, websocket", "other, WEBSOCKET")) {
            val said = answer("/to/chat", asked)
            said.all("Upgrade").shouldContainExactly("websocket")
            said.all("Sec-WebSocket-Accept").shouldContainExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
          }
          for (asked in listOf("other", "h2c, other, another")) {
            answer("/to/other", asked).all("Upgrade").shouldContainExactly("other")
          }
        }
      }
    }

    test("what goes wrong behind is 502 or 504, and says nothing of it") {
      Lab({ timeouts(head = 5.seconds) }) { lab ->
          GET("/lost") { lab.client.forward(it, "http://gone.example") }
          GET("/late") { lab.client.forward(it, "http://behind/really") }
          GET("/really/late") { awaitCancellation() }
        }
        .use { lab ->
          lab.run {
            val lost = lab.client.get("http://front/lost")
            lost.status().code() shouldBe 502
            lost.headers().get("Content-Type")!! shouldContain "problem+json"
            lost.text().contains("gone.example") shouldBe false
          }
          val late = lab.start {
            lab.client.get("http://front/late") { timeouts { withHead(java.time.Duration.ZERO) } }
          }
          lab.advance(5.seconds)
          with(lab) { late.result() }.status().code() shouldBe 504
        }
    }

    test("one who leaves gives up the call behind") {
      Lab { lab ->
        GET("/front") { lab.client.forward(it, "http://behind/really") }
        GET("/really/front") { awaitCancellation() }
      }
        .use { lab ->
          val call = lab.start { lab.client.get("http://front/front") }
          lab.server.calls() shouldBe 2
          call.cancel()
          lab.server.run()
          lab.server.calls() shouldBe 0
        }
    }

    test("no target leads out of the base") {
      fun target(path: String) =
        ReverseProxy.DEFAULT.toUpstream(Asked(Request.get("http://front/"), path), Uri.of("http://behind/base/"))
          .target()
      target("/a/b") shouldBe "/base/a/b"
      target("/../secret") shouldBe "/base/secret"
      target("/a/../../secret") shouldBe "/base/secret"
      target("//evil.example/x") shouldBe "/base//evil.example/x"
      target("/a%2Fb") shouldBe "/base/a%2Fb"
      target("/%2e%2e/secret") shouldBe "/base/secret"
      target("/a/.%2E/%2e./secret") shouldBe "/base/secret"
      shouldThrow<HttpError> { target("*") }.problem().status().code() shouldBe 400
    }

    test("who asked is said in the way that is set") {
      val asked =
        Request.get("http://front/")
          .header("Forwarded", "for=1.2.3.4")
          .header("X-Forwarded-For", "5.6.7.8")
          .header("X-Forwarded-Proto", "https")
          .header("X-Forwarded-Host", "forged")
      fun said(how: ReverseProxy.Forwarding) =
        ReverseProxy.DEFAULT.withForwarding(how).toUpstream(asked, Uri.of("http://behind/")).headers()
      fun older(headers: Headers) = listOf("For", "Proto", "Host").map { headers.get("X-Forwarded-$it") }
      said(ReverseProxy.Forwarding.NONE).get("Forwarded") shouldBe "for=1.2.3.4"
      older(said(ReverseProxy.Forwarding.NONE)).shouldContainExactly("5.6.7.8", "https", "forged")
      older(said(ReverseProxy.Forwarding.FORWARDED)).shouldContainExactly(null, null, null)
      said(ReverseProxy.Forwarding.FORWARDED)
        .all("Forwarded")
        .shouldContainExactly("for=1.2.3.4, for=unknown;proto=http;host=\"front\"")
      older(said(ReverseProxy.Forwarding.X_FORWARDED)).shouldContainExactly("5.6.7.8", "http", "front")
      said(ReverseProxy.Forwarding.X_FORWARDED).get("Forwarded") shouldBe null
    }
  })

private suspend fun httpLike(lab: Lab): Response =
  lab.client(ReverseProxy.DEFAULT.toUpstream(Request.get("http://front/to/moved"), Uri.of("http://front/")))

/** A target as it came over the wire, which a URL would have put in order. */
private class Asked(request: Request, private val path: String) : Request by request {
  override fun rawPath(): String = path

  override fun target(): String = path
}
