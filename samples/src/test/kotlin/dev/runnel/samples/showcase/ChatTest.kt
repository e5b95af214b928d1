package dev.runnel.samples.showcase

import dev.runnel.dsl.html
import dev.runnel.dsl.noContent
import dev.runnel.dsl.routes
import dev.runnel.dsl.text
import dev.runnel.engine.ListenAddress
import dev.runnel.engine.Tls
import dev.runnel.server.Server
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.net.URI
import java.net.http.HttpClient
import java.net.http.WebSocket
import java.net.http.WebSocketHandshakeException
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.io.path.deleteRecursively
import kotlin.io.path.exists

class ChatTest :
  FunSpec({
    val pages = LinkedBlockingQueue<String>()
    val server = serve(pages)
    val client = HttpClient.newHttpClient()
    val root = server.uri().toString().replace("http:", "ws:")

    fun enter(room: String, name: String): Guest {
      val guest = Guest()
      guest.socket = client.newWebSocketBuilder().buildAsync(URI("$root/chat/$room?name=$name"), guest).join()
      return guest
    }

    afterSpec { server.stop(Duration.ofSeconds(5)).cancelled() shouldBe 0 }

    test("everybody in a room hears everybody, and nobody else does") {
      val ann = enter("a", "Ann")
      val bob = enter("a", "Bob")
      val eve = enter("b", "Eve")
      ann.say("hello")
      for (guest in listOf(ann, bob)) guest.hears() shouldBe "Ann: hello"
      bob.say("hi")
      for (guest in listOf(ann, bob)) guest.hears() shouldBe "Bob: hi"
      eve.say("alone")
      eve.hears() shouldBe "Eve: alone"
      for (guest in listOf(ann, bob, eve)) guest.leave()
    }

    test("who has no name stays outside") {
      val refused =
        try {
          enter("a", "").leave()
          null
        } catch (e: CompletionException) {
          e.cause as WebSocketHandshakeException
        }
      refused?.response?.statusCode() shouldBe 400
    }

    val chromium = listOf("/usr/bin/chromium", "/usr/bin/chromium-browser").map(Path::of).find { it.exists() }
    for (secure in listOf(false, true)) {
      test("the page, in a browser${if (secure) ", over TLS" else ""}").config(enabled = chromium != null) {
        val listener = enter("page", "Listener")
        val base = if (secure) secureUri(server, Place(tlsPort = 0)) else server.uri()
        val dom = browse(checkNotNull(chromium), "$base/look") { pages.poll(60, TimeUnit.SECONDS) }
        listener.hears() shouldBe "Page: hello"
        dom shouldContain "in page as Page"
        dom shouldContain "<li>Page: hello</li>"
        listener.leave()
      }
    }
  })

/** A client that keeps what it hears. */
private class Guest : WebSocket.Listener {
  lateinit var socket: WebSocket
  private val heard = LinkedBlockingQueue<String>()
  private val closed = CompletableFuture<Int>()

  override fun onText(socket: WebSocket, data: CharSequence, last: Boolean): CompletionStage<*>? {
    heard.add(data.toString())
    socket.request(1)
    return null
  }

  override fun onClose(socket: WebSocket, code: Int, reason: String): CompletionStage<*>? {
    closed.complete(code)
    return null
  }

  fun say(text: String) = socket.sendText(text, true).join().let {}

  fun hears(): String? = heard.poll(10, TimeUnit.SECONDS)

  fun leave() {
    socket.sendClose(1000, "").join()
    closed.get(10, TimeUnit.SECONDS) shouldBe 1000
  }
}

/** Opens the page of the chat in a frame, and sends what it has become once somebody has said something there. */
private const val LOOK =
  """<!DOCTYPE html>
<iframe src="/chat?room=page&name=Page&say=hello"></iframe>
<script>
  const look = () => {
    const page = document.querySelector('iframe').contentDocument
    if (page && page.querySelector('li')) fetch('/seen', { method: 'POST', body: page.documentElement.outerHTML })
    else setTimeout(look, 20)
  }
  look()
</script>
"""

private fun serve(pages: LinkedBlockingQueue<String>): Server {
  val app = routes {
    mount("/", chatRoutes())
    GET("/look") { html(LOOK) }
    POST("/seen") { req ->
      pages.add(req.text())
      noContent()
    }
  }
  val secure = ListenAddress.tcp("127.0.0.1", 0).withTls(Tls.devCertificate())
  return Server.builder().port(0).listen(secure).routes(app).start()
}

/** What comes of a page, in a browser that goes when it has come. */
private fun <T> browse(chromium: Path, url: String, result: () -> T): T {
  val profile = Files.createTempDirectory("runnel-chromium")
  val process =
    ProcessBuilder(
        "$chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--ignore-certificate-errors",
        "--user-data-dir=$profile",
        url,
      )
      .redirectOutput(ProcessBuilder.Redirect.DISCARD)
      .redirectError(ProcessBuilder.Redirect.DISCARD)
      .start()
  try {
    return result()
  } finally {
    val all = process.descendants().toList() + process.toHandle()
    all.forEach { it.destroyForcibly() }
    all.forEach { it.onExit().get(10, TimeUnit.SECONDS) } // who still writes there must not keep the profile
    @OptIn(kotlin.io.path.ExperimentalPathApi::class) profile.deleteRecursively()
  }
}
