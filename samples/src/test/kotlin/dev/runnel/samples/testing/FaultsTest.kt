package dev.runnel.samples.testing

import dev.runnel.engine.CancelCause
import dev.runnel.samples.events.priceRoutes
import dev.runnel.samples.showcase.Users
import dev.runnel.samples.showcase.userRoutes
import dev.runnel.testkit.Faults
import dev.runnel.testkit.TestOptions
import dev.runnel.testkit.shouldBeCancelledBy
import dev.runnel.testkit.shouldHaveJson
import dev.runnel.testkit.testServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class FaultsTest :
  FunSpec({
    // snippet:testing-faults
    test("however the bytes arrive") {
      testServer(userRoutes(Users()), faults = Faults.everyByte()) { get("/") shouldHaveJson "[]" }
      testServer(userRoutes(Users()), Faults.randomPieces(), options = TestOptions.DEFAULT.withSeed(42)) {
        get("/") shouldHaveJson "[]"
      }
    }
    // end

    // snippet:testing-raw
    test("what no client sends") {
      testServer(priceRoutes()) {
        val peer = raw().send("GET /countdown/9 HTTP/1.1\r\nHost: x\r\n\r\n")
        peer.await("data: 9")
        peer.vanish()
        calls.last() shouldBeCancelledBy CancelCause.CLIENT_GONE
        val rude = raw().send("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
        rude.answer().status() shouldBe 400
        rude.expectClosed()
      }
    }
    // end
  })
