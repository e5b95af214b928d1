package dev.runnel.samples.testing

import dev.runnel.samples.showcase.chatRoutes
import dev.runnel.testkit.shouldBeClosedWith
import dev.runnel.testkit.testServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.first

// snippet:testing-chat
class RoomsTest :
  FunSpec({
    test("everybody in a room hears everybody") {
      testServer(chatRoutes()) {
        webSocket("/chat/tea?name=Ann") {
          val ann = this
          webSocket("/chat/tea?name=Bob") {
            ann.send("hello")
            for (guest in listOf(ann, this)) guest.incoming.first().text() shouldBe "Ann: hello"
          } // Bob leaves
          ann.send("alone")
          incoming.first().text() shouldBe "Ann: alone"
        }
      }
    }

    test("a server that stops says so") {
      testServer(chatRoutes()) {
        webSocket("/chat/tea?name=Ann") {
          server.stop(java.time.Duration.ofSeconds(10))
          shouldBeClosedWith(1001, within = 1.seconds)
        }
      }
    }
  })
// end
