@file:Suppress("unused") // The guards have no callers, by design.

package dev.runnel.dsl

import dev.runnel.http.HeaderNames
import dev.runnel.http.Problem
import dev.runnel.http.Response
import dev.runnel.http.Status
import dev.runnel.io.Bytes
import java.io.File
import java.nio.file.Path

/** 200 without a body. */
public fun ok(): Response = Response.ok()

/** 200 with text in UTF-8. */
public fun ok(text: String): Response = Response.ok(text)

/** 200 with bytes, as `application/octet-stream`. */
public fun ok(bytes: ByteArray): Response = Response.ok(bytes)

/**
 * 200 with a file, its type guessed from the name.
 *
 * @throws dev.runnel.http.HttpError 404 if there is no such regular file
 */
public fun ok(file: Path): Response = Response.file(file)

/** 200 with a value as JSON. */
public inline fun <reified T : Any> ok(value: T): Response = jsonResponse(200, value, serializerOf<T>())

@Deprecated("a null has no answer: write `value?.let { ok(it) } ?: notFound()`", level = DeprecationLevel.ERROR)
@JvmName("okNull")
public fun ok(value: Any?): Response = throw UnsupportedOperationException("$value")

@Deprecated("this is a response already: return it as it is", level = DeprecationLevel.ERROR)
public fun ok(value: Response): Response = value

@Deprecated("write ok(file.toPath())", level = DeprecationLevel.ERROR)
public fun ok(value: File): Response = ok(value.toPath())

@Deprecated("write ok(value.toString())", level = DeprecationLevel.ERROR)
public fun ok(value: CharSequence): Response = ok(value.toString())

/** 201 that names the new resource. */
public fun created(location: String): Response = Response.created(location)

/** 201 that names the new resource, with a value as JSON. */
public inline fun <reified T : Any> created(location: String, value: T): Response =
  jsonResponse(201, value, serializerOf<T>()).header(HeaderNames.LOCATION, location)

/** 202 without a body. */
public fun accepted(): Response = Response.accepted()

/** 202 with a value as JSON. */
public inline fun <reified T : Any> accepted(value: T): Response = jsonResponse(202, value, serializerOf<T>())

/** 204. */
public fun noContent(): Response = Response.noContent()

/**
 * A redirect: 302 unless told otherwise.
 *
 * @throws IllegalArgumentException if the status is not 301, 302, 303, 307 or 308
 */
public fun redirect(location: String, status: Int = 302): Response = Response.redirect(Status.of(status), location)

/** 400 as a problem document. */
public fun badRequest(detail: String? = null): Response = problem(400, detail)

/** 401 as a problem document, with the challenge that the status demands (RFC 9110 15.5.2). */
public fun unauthorized(challenge: String, detail: String? = null): Response =
  problem(401, detail).header(HeaderNames.WWW_AUTHENTICATE, challenge)

/** 403 as a problem document. */
public fun forbidden(detail: String? = null): Response = problem(403, detail)

/** 404 as a problem document. */
public fun notFound(detail: String? = null): Response = problem(404, detail)

/** 409 as a problem document. */
public fun conflict(detail: String? = null): Response = problem(409, detail)

/** 422 as a problem document. */
public fun unprocessable(detail: String? = null): Response = problem(422, detail)

/** A problem document (RFC 9457) of this status. */
public fun problem(status: Int, detail: String? = null): Response = problem(Problem.of(Status.of(status), detail))

/** A problem document (RFC 9457). */
public fun problem(problem: Problem): Response = problem.toResponse()

/**
 * A response of this status without a body.
 *
 * @throws IllegalArgumentException if it is not within 100 to 599
 */
public fun status(code: Int): Response = Response.of(code)

/** 200 with text in UTF-8. */
public fun text(text: String): Response = Response.ok(text)

/** 200 with an HTML page in UTF-8. */
public fun html(html: String): Response = Response.ok().body("text/html; charset=utf-8", Bytes.utf8(html))
