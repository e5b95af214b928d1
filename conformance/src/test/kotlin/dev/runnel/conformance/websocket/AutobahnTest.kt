package dev.runnel.conformance.websocket

import dev.runnel.server.LiveServer
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe

/** As many as the groups below have; with fewer, something was not run. */
private const val CASES = 251

/** Without 9 (limits; our own table has them), 12 and 13 (compression), which this version lacks. */
private val GROUPS = listOf("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*")

/** The suite takes these for invalid; IANA has registered them since. Answered like any other. */
private val REGISTERED_SINCE = mapOf("7.9.6" to 1012, "7.9.7" to 1013, "7.9.8" to 1014)

/** The suite says nothing about these: a Close in the middle of much, and codes of no meaning. */
private val UNJUDGED = mapOf("7.1.6" to 1000, "7.13.1" to 1002, "7.13.2" to 1002)

/** The Autobahn suite, each case a test: all OK, fast where that is possible, one Close and one only. */
class AutobahnTest :
  FunSpec({
    for (face in Endpoints.Face.entries) {
      context("the $face face") {
        val verdicts =
          LiveServer.start(face.app(Endpoints())).use { server ->
            Autobahn(face.name.lowercase()).run(server.port(), Endpoints.ECHO, GROUPS)
          }
        test("all cases were run") { verdicts shouldHaveSize CASES }
        for (verdict in verdicts) {
          test(verdict.id) { withClue(verdict) { judge(verdict) } }
        }
      }
    }
  })

private fun judge(verdict: Autobahn.Verdict) {
  val code = REGISTERED_SINCE[verdict.id] ?: UNJUDGED[verdict.id]
  if (code == null) {
    verdict.behavior shouldBe "OK"
    verdict.closing shouldBe "OK"
  } else {
    verdict.closeCode shouldBe code
  }
  verdict.closeFrames shouldBe 1
}
