package dev.runnel.dsl

import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Problem
import dev.runnel.http.Response
import dev.runnel.http.Status

/**
 * Ends the handler with this answer, from however deep: a streaming one too, as long as nothing of it is sent. Filters
 * in front see it as an exception; `mapException` does not.
 */
public fun reject(response: Response): Nothing = throw Rejection(response)

/** Ends the handler with a problem document of this status; see the other [reject]. */
public fun reject(status: Int, detail: String? = null): Nothing = reject(problem(status, detail))

/** An answer on its way past whatever is between [reject] and the root of the call. */
internal class Rejection(private val response: Response) :
  HttpError(Problem.of(Status.of(response.status().code()), null), Headers.EMPTY, null) {
  override fun toResponse(): Response = response

  // It is a jump, and its stack tells nothing.
  override fun fillInStackTrace(): Throwable = this
}
