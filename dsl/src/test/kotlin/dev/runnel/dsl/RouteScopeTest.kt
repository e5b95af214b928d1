package dev.runnel.dsl

import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Route
import dev.runnel.routing.Router
import dev.runnel.routing.Routes
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

private class Users {
  suspend fun show(request: Request): Response = ok("user ${request.path("id")}")
}

class RouteScopeTest :
  FunSpec({
    fun Routes.send(method: String, target: String) =
      FakeExchange(method = method, target = target).handle(Router.of(this))

    val users = Users()

    test("each method, by lambda and by reference") {
      val all = routes {
        GET("/{id}") { ok("GET ${it.path("id")}") }
        POST("/{id}") { ok("POST") }
        PUT("/{id}") { ok("PUT") }
        PATCH("/{id}") { ok("PATCH") }
        DELETE("/{id}") { ok("DELETE") }
        OPTIONS("/{id}") { ok("OPTIONS") }
        HEAD("/{id}") { ok("HEAD") }
        method("PURGE", "/{id}") { ok("PURGE") }
        path("/ref") {
          GET("/{id}", users::show)
          POST("/{id}", users::show)
          PUT("/{id}", users::show)
          PATCH("/{id}", users::show)
          DELETE("/{id}", users::show)
          OPTIONS("/{id}", users::show)
          HEAD("/{id}", users::show)
          method("PURGE", "/{id}", users::show)
        }
      }
      all.send("GET", "/7").sent.toString() shouldBe "GET 7"
      for (method in listOf("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
        all.send(method, "/7").sent.toString() shouldBe method
        all.send(method, "/ref/7").sent.toString() shouldBe "user 7"
      }
      all.send("GET", "/ref/7").sent.toString() shouldBe "user 7"
      all.send("HEAD", "/ref/7").status shouldBe 200
    }

    test("groups, mounts and fallbacks; filters of a group apply wherever they are written") {
      val inner = routes {
        use(tag("mounted"))
        GET("/x") { ok("x") }
      }
      val all = routes {
        use(tag("root"))
        path("/api") {
          GET("/early") { ok("early") }
          use(tag("api"))
          use { request, next -> next(request).header("X-Order", "lambda") }
          mount("/m", inner)
          fallback { notFound("nothing at ${it.target()}") }
        }
      }
      all.send("GET", "/api/early").order shouldBe listOf("lambda", "api", "root")
      all.send("GET", "/api/m/x").order shouldBe listOf("mounted", "lambda", "api", "root")
      all.send("GET", "/api/none").sent.toString() shouldContain "nothing at /api/none"
      val none = all.send("GET", "/none")
      none.status shouldBe 404
      none.order shouldBe listOf("root") // the automatic answer is a value too
    }

    test("hosts") {
      val all = routes {
        host("test") { GET("/") { ok("by host") } }
        GET("/") { ok("any") }
      }
      all.send("GET", "/").sent.toString() shouldBe "by host"
    }

    test("a route can be set up and makes URLs") {
      lateinit var route: Route
      val all = routes { route = GET("/users/{id}") { ok() }.produces("text/plain").named("user") }
      route.pattern() shouldBe "/users/{id}"
      route.url("a b") shouldBe "/users/a%20b"
      all.send("GET", "/users/1").status shouldBe 200
    }

    test("two mappers of one type in a group are an error at start") {
      shouldThrow<IllegalArgumentException> {
          routes {
            mapException<Boom> { ok() }
            mapException<Boom> { ok() }
          }
        }
        .message shouldContain "mapException<Boom>"
    }
  })
