package dev.runnel.testkit.suite

import dev.runnel.dsl.CallCancellation
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.ok
import dev.runnel.dsl.requestTimeout
import dev.runnel.dsl.routes
import dev.runnel.dsl.stream
import dev.runnel.dsl.text
import dev.runnel.engine.CancelCause
import dev.runnel.http.Problem
import dev.runnel.http.Status
import dev.runnel.routing.Router
import dev.runnel.testing.http2.Setting
import java.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.assertj.core.api.Assertions.assertThat

/** Handlers in coroutines: what becomes of their Jobs, their time and their bodies. */
internal object CallScenarios {
  private const val GET = "GET / HTTP/1.1\nHost: a\n\n"
  private val MILLI = Duration.ofMillis(1)

  fun addTo(suite: Suite) {
    suite.add("call: delay and withTimeout go by the loop's clock", ::time)
    suite.add("call: a client that leaves cancels handler and children", ::leaves)
    suite.add("call: a handler that is cancelled counts until it has ended", ::counts)
    suite.add("call: a stop cancels what is left, with its cause", ::stop)
    suite.add("call: requestTimeout answers 503 when it is due", ::timeout)
    suite.add("call: requestTimeout counts to the first byte of a stream", ::streamTimeout)
    suite.add("call: a failed child fails the call", ::child)
    suite.add("call: an exception is mapped", ::mapped)
    suite.add("call: a streamed body suspends while the client is slow", ::slow)
    suite.add("call: a body that fails in the middle is none", ::failing)
    suite.add("call: a body is read in pieces", ::body)
  }

  private fun scene(build: RouteScope.() -> Unit) = Scene.of(Router.of(routes(build)))

  private fun Scene.play(script: (Scene) -> Unit) = use { script(it) }

  private fun time() = scene {
    GET("/") {
      val late = withTimeoutOrNull(1.seconds) { delay(2.seconds) }
      delay(1.seconds)
      ok("late: ${late == null}")
    }
  }
    .play { scene ->
      val peer = scene.connect().request(GET)
      scene.advance(Duration.ofSeconds(2).minus(MILLI))
      assertThat(peer.rest()).isEmpty()
      scene.advance(MILLI)
      assertThat(peer.answer().body()).isEqualTo("late: true")
    }

  private fun leaves() {
    val told = ArrayList<String>()
    scene {
      GET("/") {
        coroutineScope {
          launch { noting(told, "child") { awaitCancellation() } }
          noting(told, "handler") { delay(1.hours) }
        }
        ok("never")
      }
    }
      .play { scene ->
        val peer = scene.connect().request(GET)
        assertThat(scene.calls()).isEqualTo(1)
        peer.vanish()
        assertThat(told)
          .containsExactlyInAnyOrder("child ${CancelCause.CLIENT_GONE}", "handler ${CancelCause.CLIENT_GONE}")
        assertThat(scene.calls()).isZero()
      }
  }

  private suspend fun noting(told: MutableList<String>, who: String, block: suspend () -> Unit) {
    try {
      block()
    } catch (e: CancellationException) {
      told.add("$who ${causeOf(e)}")
      throw e
    }
  }

  private fun causeOf(thrown: Throwable): CancelCause? {
    var cause: Throwable? = thrown
    while (cause != null && cause !is CallCancellation) cause = cause.cause
    return cause?.reason
  }

  private fun counts() {
    val mayEnd = CompletableDeferred<Unit>()
    scene {
      GET("/") {
        try {
          awaitCancellation()
        } finally {
          withContext(NonCancellable) { mayEnd.await() }
        }
      }
    }
      .play { scene ->
        val peer = scene.connect().request(GET)
        peer.vanish()
        assertThat(scene.calls()).`as`("calls whose code still runs").isEqualTo(1)
        assertThat(mayEnd.complete(Unit)).isTrue()
        scene.run()
        assertThat(scene.calls()).isZero()
      }
  }

  private fun stop() {
    val told = ArrayList<String>()
    scene {
      GET("/") {
        noting(told, "handler") { awaitCancellation() }
        ok("never")
      }
    }
      .play { scene ->
        val unused = scene.connect().request(GET)
        val report = scene.stop(Duration.ofSeconds(20))
        scene.advance(Duration.ofSeconds(19))
        assertThat(told).isEmpty()
        scene.advance(Duration.ofSeconds(2))
        assertThat(told).containsExactly("handler ${CancelCause.SERVER_STOPPING}")
        assertThat(report).isDone()
        assertThat(report.join().cancelled()).isEqualTo(1)
      }
  }

  private fun timeout() {
    val told = ArrayList<String>()
    scene {
      use(requestTimeout(3.seconds))
      GET("/") {
        try {
          delay(1.hours)
        } finally {
          told.add("ended")
        }
        ok("never")
      }
      GET("/quick") {
        delay(2999.milliseconds)
        ok("quick")
      }
    }
      .play { scene ->
        val peer = scene.connect().request(GET)
        scene.advance(Duration.ofSeconds(3).minus(MILLI))
        assertThat(peer.rest()).isEmpty()
        scene.advance(MILLI)
        val answer = peer.answer()
        assertThat(answer.status()).isEqualTo(503)
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json")
        assertThat(told).containsExactly("ended")
        val quick = peer.request("GET /quick HTTP/1.1\nHost: a\n\n")
        scene.advance(Duration.ofSeconds(3))
        assertThat(quick.answer().body()).isEqualTo("quick")
      }
  }

  private fun streamTimeout() = scene {
    use(requestTimeout(3.seconds))
    GET("/") {
      stream("text/plain") {
        delay(1.hours)
        write("never")
      }
    }
    GET("/long") {
      stream("text/plain") {
        repeat(5) {
          write("x")
          delay(2.seconds)
        }
      }
    }
  }
    .play { scene ->
      val peer = scene.connect().request(GET)
      scene.advance(Duration.ofSeconds(3))
      assertThat(peer.answer().status()).isEqualTo(503)
      val long = peer.request("GET /long HTTP/1.1\nHost: a\n\n")
      scene.advance(Duration.ofSeconds(10))
      assertThat(long.answer().body()).isEqualTo("xxxxx")
    }

  private fun child() {
    val told = ArrayList<String>()
    scene {
      GET("/") {
        coroutineScope {
          launch {
            delay(1.seconds)
            error("on purpose")
          }
          try {
            delay(1.hours)
          } finally {
            told.add("ended")
          }
        }
        ok("never")
      }
    }
      .play { scene ->
        val peer = scene.connect().request(GET)
        scene.advance(Duration.ofSeconds(2))
        assertThat(peer.answer().status()).isEqualTo(500)
        assertThat(told).containsExactly("ended")
      }
  }

  private class Full : RuntimeException("full")

  private fun mapped() = scene {
    mapException<Full> { Problem.of(Status.of(507), it.message).toResponse() }
    GET("/") {
      delay(1.seconds)
      throw Full()
    }
  }
    .play { scene ->
      val peer = scene.connect().request(GET)
      scene.advance(Duration.ofSeconds(1))
      assertThat(peer.answer().status()).isEqualTo(507)
    }

  private fun slow() {
    var written = 0
    val piece = ByteArray(16 shl 10)
    scene {
      GET("/") {
        stream("application/octet-stream") {
          repeat(30) {
            written += piece.size
            write(piece)
          }
        }
      }
    }
      .play { scene ->
        scene.http2(Setting.INITIAL_WINDOW_SIZE, 1000).use { peer ->
          val stream = peer.get("/")
          assertThat(written).`as`("written to a client that reads nothing").isBetween(1, 256 shl 10)
          val unused = peer.crediting(true).grant(stream, 1 shl 20)
          assertThat(peer.expectStatus(stream, 200).ends()).isFalse()
          assertThat(peer.restOf(stream)).hasSize(30 * piece.size)
        }
      }
  }

  private fun failing() = scene {
    GET("/") {
      stream("text/plain") {
        write("half")
        delay(1.seconds)
        error("on purpose")
      }
    }
  }
    .play { scene ->
      val peer = scene.connect().request(GET)
      scene.advance(Duration.ofSeconds(1))
      assertThat(peer.awaitEnd()).contains("half").doesNotEndWith("0\r\n\r\n")
    }

  private fun body() = scene {
    POST("/") { req -> ok("got " + req.text()) }
  }
    .play { scene ->
      val peer = scene.connect().request("POST / HTTP/1.1\nHost: a\nContent-Length: 10\n\n")
      val sent = peer.send("01234").send("56789")
      assertThat(sent.answer().body()).isEqualTo("got 0123456789")
    }
}
