package dev.runnel.samples.showcase

import dev.runnel.dsl.created
import dev.runnel.dsl.json
import dev.runnel.dsl.noContent
import dev.runnel.dsl.notFound
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.routes
import dev.runnel.dsl.unprocessable
import dev.runnel.routing.Routes
import java.util.concurrent.ConcurrentSkipListMap
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.serialization.Serializable

/** A user to be added or changed. */
@Serializable data class NewUser(val name: String, val age: Int)

/** A user. */
@Serializable data class User(val id: Int, val name: String, val age: Int)

/** Users in memory, for as long as the service runs. */
class Users {
  private val byId = ConcurrentSkipListMap<Int, User>()
  private val ids = AtomicInteger()

  fun all(): List<User> = byId.values.toList()

  operator fun get(id: Int): User? = byId[id]

  fun add(user: NewUser): User {
    val added = User(ids.incrementAndGet(), user.name, user.age)
    byId[added.id] = added
    return added
  }

  fun replace(id: Int, user: NewUser): User? = byId.computeIfPresent(id) { _, _ -> User(id, user.name, user.age) }

  fun remove(id: Int): Boolean = byId.remove(id) != null
}

/** A small CRUD, to be mounted somewhere. */
fun userRoutes(users: Users): Routes = routes {
  GET("/") { ok(users.all()) }
  POST("/") { req ->
    val user = req.json<NewUser>()
    if (user.name.isBlank()) unprocessable("a user needs a name")
    else users.add(user).let { created("/users/${it.id}", it) }
  }
  GET("/{id:int}") { req -> users[req.path.int("id")]?.let { ok(it) } ?: notFound() }
  PUT("/{id:int}") { req -> users.replace(req.path.int("id"), req.json())?.let { ok(it) } ?: notFound() }
  DELETE("/{id:int}") { req -> if (users.remove(req.path.int("id"))) noContent() else notFound() }
}
