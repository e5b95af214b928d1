package dev.runnel.samples.testing

import dev.runnel.samples.showcase.NewUser
import dev.runnel.samples.showcase.User
import dev.runnel.samples.showcase.Users
import dev.runnel.samples.showcase.userRoutes
import dev.runnel.testkit.json
import dev.runnel.testkit.shouldBeProblem
import dev.runnel.testkit.shouldHaveHeader
import dev.runnel.testkit.shouldHaveJson
import dev.runnel.testkit.shouldHaveStatus
import dev.runnel.testkit.testServer
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

class UsersTest :
  FunSpec({
    // snippet:testing-rest
    test("a user is added, found and removed") {
      testServer(userRoutes(Users())) {
        val added = post("/") { json(NewUser("Ada", 36)) }
        added.shouldHaveStatus(201).shouldHaveHeader("Location", "/users/1")
        get("/1").json<User>() shouldBe User(1, "Ada", 36)
        get("/") shouldHaveJson """[{"id": 1, "name": "Ada", "age": 36}]"""
        delete("/1") shouldHaveStatus 204
        get("/1") shouldHaveStatus 404
      }
    }
    // end

    test("what is no user is refused with a reason") {
      testServer(userRoutes(Users())) {
        post("/") { json(NewUser(" ", 36)) }.shouldBeProblem(422, detail = "needs a name")
        post("/") { json(mapOf("name" to "Ada")) }.shouldBeProblem(400, detail = "age")
      }
    }
  })
