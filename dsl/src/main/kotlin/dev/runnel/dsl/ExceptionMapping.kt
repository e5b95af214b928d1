package dev.runnel.dsl

import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Problem
import dev.runnel.http.Request
import dev.runnel.http.Response
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext

private typealias Mapper = suspend (Throwable) -> Response

/** The `mapException`s of one group: the most specific type of an exception wins. */
internal class ExceptionMappers : StageFilter() {
  private val byType = HashMap<Class<*>, Mapper>()

  val isEmpty: Boolean
    get() = byType.isEmpty()

  fun add(type: Class<out Throwable>, mapper: Mapper) {
    val known = byType.putIfAbsent(type, mapper)
    require(known == null) { "two mapException<${type.simpleName}> in one group; remove one" }
  }

  fun find(error: Throwable): Mapper? {
    var type: Class<*>? = error.javaClass
    while (type != null) {
      byType[type]?.let {
        return it
      }
      type = type.superclass
    }
    return null
  }

  override fun before(next: Stage): Stage = MappingStage(this, next)
}

/** The mappers around a handler, kept with the call for bodies that fail when all stages have returned. */
internal class MapperChain(private val mappers: ExceptionMappers, private val outer: MapperChain?) {
  /** What a mapper answered, and the groups around it: to them belongs what fails in the body of that. */
  class Mapped(val response: Response, val outer: MapperChain?)

  /** The mapped answer; null when no group maps the error. A mapper that fails leaves its error to the outer groups. */
  suspend fun map(error: Throwable): Mapped? {
    val mapper = mappers.find(error) ?: return outer?.map(error)
    return try {
      Mapped(mapper(error), outer)
    } catch (e: Throwable) {
      e.addSuppressedOnce(error)
      outer?.map(e) ?: throw e
    }
  }
}

private class MappingStage(private val mappers: ExceptionMappers, private val next: Stage) : Stage {
  override suspend fun run(call: CallContext, request: Request): Response {
    val outer = call.mappers
    call.mappers = MapperChain(mappers, outer)
    return try {
      next.run(call, request)
    } catch (e: Throwable) {
      call.mappers = outer
      map(call, e)
    }
  }

  private suspend fun map(call: CallContext, thrown: Throwable): Response {
    if (call.exchange.cancelled() != null) throw thrown
    if (thrown is Rejection) throw thrown
    val root = call.root
    val error = root.causeOf(thrown)
    val active = currentCoroutineContext().isActive
    // Some scope further out was cancelled, by requestTimeout perhaps: its owner knows what to answer.
    if (!active && error is CancellationException) throw thrown
    val mapper = mappers.find(error) ?: throw thrown
    root.markReported(error)
    return if (active) mapper(error) else withContext(NonCancellable) { mapper(error) }
  }
}

/** A mapped error of a body whose answer is taken back: only [dev.runnel.engine.Exchange.fail] can do that. */
internal class MappedError(private val response: Response, cause: Throwable) :
  HttpError(Problem.of(response.status(), null), Headers.EMPTY, cause.takeUnless { it is Rejection }) {
  override fun toResponse(): Response = response
}

private fun Throwable.addSuppressedOnce(other: Throwable) {
  if (other !== this && other !in suppressed) addSuppressed(other)
}
