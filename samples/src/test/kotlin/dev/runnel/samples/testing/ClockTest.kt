package dev.runnel.samples.testing

import dev.runnel.engine.CancelCause
import dev.runnel.samples.events.priceRoutes
import dev.runnel.testkit.shouldBeCancelledBy
import dev.runnel.testkit.shouldHaveData
import dev.runnel.testkit.shouldHaveStatus
import dev.runnel.testkit.testServer
import io.kotest.core.spec.style.FunSpec
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

// snippet:testing-clock
class ClockTest :
  FunSpec({
    test("an event each second") {
      testServer(priceRoutes()) {
        val count = sse("/countdown/1000")
        advance(2500.milliseconds)
        count.shouldHaveData("1000", "999", "998")
        advance(1000.seconds) // takes some milliseconds
        count.received().last().shouldHaveData("0", event = "count")
        calls.last() shouldHaveStatus 200
      }
    }

    test("a client that vanishes ends the count") {
      testServer(priceRoutes()) {
        sse("/countdown/1000").vanish()
        calls.last() shouldBeCancelledBy CancelCause.CLIENT_GONE
      }
    }
  })
// end
