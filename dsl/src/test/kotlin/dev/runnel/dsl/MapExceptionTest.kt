package dev.runnel.dsl

import ch.qos.logback.classic.Level
import dev.runnel.engine.CancelCause
import dev.runnel.engine.Handler
import dev.runnel.http.HttpError
import dev.runnel.http.Response
import dev.runnel.http.Status
import dev.runnel.routing.Router
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.io.FileNotFoundException
import java.io.IOException
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch

class MapExceptionTest :
  FunSpec({
    fun get(target: String, build: RouteScope.() -> Unit) =
      FakeExchange(target = target).handle(Router.of(routes(build)))

    test("the nearest group wins, then its most specific type; other groups go on") {
      fun RouteScope.tree() {
        mapException<Exception> { status(500) }
        mapException<HttpError> { status(499) }
        path("/io") {
          mapException<IOException> { status(501) }
          mapException<FileNotFoundException> { status(404) }
          GET("/any") { throw IOException() }
          GET("/missing") { throw FileNotFoundException() }
          GET("/boom") { throw Boom() }
          GET("/http") { throw HttpError(400, "no") }
        }
      }
      get("/io/any") { tree() }.status shouldBe 501
      get("/io/missing") { tree() }.status shouldBe 404
      get("/io/boom") { tree() }.status shouldBe 500
      get("/io/http") { tree() }.status shouldBe 499
    }

    test("an exception that nobody maps goes to the engine") {
      val x =
        get("/") {
          mapException<IOException> { status(418) }
          GET("/") { throw Boom() }
        }
      x.failures.single().shouldBeInstanceOf<Boom>()
    }

    test("the group's own filters see the exception and are mapped too; outer filters see the answer") {
      val seen = ArrayList<String>()
      val note = { name: String ->
        filter { request, next ->
          try {
            next(request).also { seen += "$name ${it.status().code()}" }
          } catch (e: Boom) {
            seen += "$name ${e.message}"
            throw e
          }
        }
      }
      val x =
        get("/in/x") {
          use(note("outer"))
          path("/in") {
            use(note("inner"))
            mapException<Boom> { conflict(it.message) }
            GET("/x") { throw Boom("clash") }
          }
        }
      x.status shouldBe 409
      seen shouldBe listOf("inner clash", "outer 409")
      get("/") {
          use { _, _ -> throw Boom() }
          mapException<Boom> { status(418) }
          GET("/") { ok() }
        }
        .status shouldBe 418
    }

    test("a mapper may suspend; one that throws leaves it to the outer group") {
      val x =
        get("/in") {
          mapException<IllegalStateException> { status(418) }
          path("/") {
            mapException<Boom> {
              delay(1.seconds)
              throw IllegalStateException("mapper")
            }
            GET("/in") { throw Boom() }
          }
        }
      x.loop.advance(1.seconds)
      x.status shouldBe 418
    }

    test("exceptions of Java handlers are mapped") {
      val mappers = ExceptionMappers()
      mappers.add(Boom::class.java) { status(418) }
      FakeExchange().handle(behind(mappers, handler = Handler { it.fail(Boom()) })).status shouldBe 418
    }

    test("a failed child is mapped by its cause") {
      val x =
        get("/") {
          mapException<Boom> {
            delay(1.seconds)
            status(418)
          }
          GET("/") {
            scope.launch { throw Boom() }
            awaitCancellation()
          }
        }
      x.loop.advance(1.seconds)
      x.status shouldBe 418
      x.failures.shouldBeEmpty()
      x.isAlive shouldBe false
    }

    test("a failed child of a handler that returned is mapped too") {
      val lines =
        logged(level = Level.INFO) {
          get("/") {
              mapException<Boom> { status(418) }
              GET("/") {
                scope.launch { throw Boom() }
                ok()
              }
            }
            .status shouldBe 418
        }
      lines.shouldBeEmpty()
    }

    test("a streaming body that fails before its first byte is mapped, and head edits still apply") {
      val x =
        get("/") {
          use(javaTag("j"))
          mapException<Boom> { status(418) }
          GET("/") {
            ok(
              flow<String> {
                delay(1.seconds)
                throw Boom()
              }
            )
          }
        }
      x.status shouldBe null
      x.loop.advance(1.seconds)
      x.status shouldBe 418
      x.header("X-Java") shouldBe "j"
      x.isAlive shouldBe false
    }

    test("after the first byte it is aborted") {
      val x =
        get("/") {
          mapException<Boom> { status(418) }
          GET("/") {
            ok(
              flow<String> {
                emit("part")
                throw Boom()
              }
            )
          }
        }
      x.status shouldBe 200
      x.aborted shouldBe true
      x.failures.single().shouldBeInstanceOf<Boom>()
    }

    test("a streaming Java body is mapped before its first byte, thrown or failed") {
      val mappers = ExceptionMappers()
      mappers.add(Boom::class.java) { status(418) }
      val throwing = Response.ok().body(TestProducer { throw Boom() })
      FakeExchange().handle(behind(mappers, handler = Handler { it.respond(throwing) })).status shouldBe 418

      val failing = Handler { exchange ->
        exchange.respond(Response.ok().body(TestProducer { exchange.fail(Boom()) }))
      }
      FakeExchange().handle(behind(mappers, handler = failing)).status shouldBe 418

      val streaming = Handler { exchange ->
        val _ = exchange.respond(Status.OK, dev.runnel.http.Headers.EMPTY)
        exchange.fail(Boom())
      }
      FakeExchange().handle(behind(mappers, handler = streaming)).status shouldBe 418
    }

    test("a mapped answer may stream itself") {
      val x =
        get("/") {
          mapException<Boom> { stream("text/plain") { write("sorry") }.status(Status.BAD_GATEWAY) }
          GET("/") { stream("text/plain") { throw Boom() } }
        }
      x.status shouldBe 502
      x.sent.toString() shouldBe "sorry"
      x.isAlive shouldBe false
    }

    test("what fails in a mapped answer is for the groups around, and is mapped once by each") {
      var mapped = 0
      fun RouteScope.failing() =
        mapException<Boom> {
          // In the end it gives up, so that the test ends if nobody else says so.
          if (++mapped > 3) status(599) else stream("text/plain") { throw Boom("again") }
        }
      val alone =
        get("/") {
          failing()
          GET("/") { stream("text/plain") { throw Boom() } }
        }
      alone.failures.last().shouldBeInstanceOf<Boom>().message shouldBe "again"
      alone.isAlive shouldBe false
      mapped shouldBe 1
      get("/in") {
          mapException<Boom> { status(418) }
          path("/") {
            failing()
            GET("/in") { stream("text/plain") { throw Boom() } }
          }
        }
        .status shouldBe 418
      mapped shouldBe 2
    }

    test("a mapped answer that cannot wait, since a child has failed, ends with that failure") {
      var mapped = 0
      val x =
        get("/") {
          mapException<Boom> {
            if (++mapped > 3) status(599)
            else
              stream("text/plain") {
                delay(1.seconds)
                write("late")
              }
          }
          GET("/") {
            scope.launch { throw Boom() }
            ok()
          }
        }
      x.loop.advance(2.seconds)
      x.failures.last().shouldBeInstanceOf<Boom>()
      x.isAlive shouldBe false
      mapped shouldBe 1
    }

    test("what an outer filter throws behind next is not for the groups within") {
      val x =
        get("/in/x") {
          use { request, next -> next(request).also { throw Boom() } }
          path("/in") {
            mapException<Boom> { conflict() }
            GET("/x") { ok() }
          }
        }
      x.failures.single().shouldBeInstanceOf<Boom>()
      x.status shouldBe 500
    }

    test("a cancelled call maps nothing") {
      var mapped = false
      val x =
        get("/") {
          mapException<Throwable> {
            mapped = true
            ok()
          }
          GET("/") { awaitCancellation() }
        }
      x.cancel(CancelCause.CLIENT_GONE)
      mapped shouldBe false
    }

    test("an uncaught withTimeout can be mapped, the cancellation by an outer deadline cannot") {
      val x =
        get("/") {
          mapException<kotlinx.coroutines.TimeoutCancellationException> { status(504) }
          GET("/") { kotlinx.coroutines.withTimeout(1.seconds) { awaitCancellation() } }
        }
      x.loop.advance(1.seconds)
      x.status shouldBe 504

      var mapped = false
      val deadline =
        get("/") {
          use(requestTimeout(1.seconds))
          path("/") {
            mapException<Throwable> {
              mapped = true
              status(418)
            }
            GET("/") { awaitCancellation() }
          }
        }
      deadline.loop.advance(1.seconds)
      deadline.status shouldBe 503
      mapped shouldBe false
    }

    test("the answer of a deadline in the place of a stream is not mapped") {
      var mapped = false
      val bodies =
        listOf<suspend () -> Response>(
          { stream("text/plain") { awaitCancellation() } },
          { Response.ok().body(TestProducer {}) },
        )
      for (body in bodies) {
        val x =
          get("/in") {
            use(requestTimeout(1.seconds))
            path("/") {
              mapException<Throwable> {
                mapped = true
                status(418)
              }
              GET("/in") { body() }
            }
          }
        x.loop.advance(1.seconds)
        x.status shouldBe 503
        mapped shouldBe false
      }
    }
  })

class TestProducer(private val write: (dev.runnel.http.BodyWriter) -> Unit) : dev.runnel.http.Body.Producer {
  override fun produce(writer: dev.runnel.http.BodyWriter) = write(writer)
}
