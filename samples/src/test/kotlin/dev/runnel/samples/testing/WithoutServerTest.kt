package dev.runnel.samples.testing

import dev.runnel.client.kotlin.json
import dev.runnel.http.Status
import dev.runnel.samples.showcase.NewUser
import dev.runnel.samples.showcase.User
import dev.runnel.samples.showcase.Users
import dev.runnel.samples.showcase.userRoutes
import dev.runnel.testkit.TestRequest
import dev.runnel.testkit.handle
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.test.runTest

class WithoutServerTest :
  FunSpec({
    // snippet:testing-handle
    test("a user is found") {
      runTest {
        val users = Users()
        val ann = users.add(NewUser("Ann", 30))
        val answer = userRoutes(users).handle(TestRequest.get("/${ann.id}"))
        answer.status() shouldBe Status.OK
        answer.json<User>() shouldBe ann
      }
    }
    // end
  })
