package dev.runnel.client.kotlin

import dev.runnel.client.CallOptions
import dev.runnel.client.CallTimeouts
import dev.runnel.client.FormBody
import dev.runnel.client.MultipartBody
import dev.runnel.client.Progress
import dev.runnel.client.ProgressBody
import dev.runnel.dsl.encodeJson
import dev.runnel.http.Body
import dev.runnel.http.HeaderNames
import dev.runnel.http.MediaType
import dev.runnel.http.OutgoingRequest
import dev.runnel.http.Request
import dev.runnel.io.Bytes
import java.nio.file.Files
import java.nio.file.Path
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer

/** Marks the receivers of the client's DSL, so that an inner one hides the outer. */
@DslMarker @Target(AnnotationTarget.CLASS, AnnotationTarget.TYPE) public annotation class ClientDsl

/** What a request has beside its method and URL. A body replaces the one before it. */
@ClientDsl
public class RequestScope
internal constructor(
  private var draft: OutgoingRequest,
  private var timeouts: CallTimeouts,
  private val context: CoroutineContext,
) {
  private var ownTimeouts = false
  private var options: CallOptions = CallOptions.NONE
  private var progress: Pair<Int, (Progress) -> Unit>? = null

  /** One more header line. */
  public fun header(name: String, value: String) {
    draft = draft.header(name, value)
  }

  /** `Authorization: Bearer …`, in place of any other. */
  public fun bearer(token: String) {
    draft = draft.setHeader(HeaderNames.AUTHORIZATION, "Bearer $token")
  }

  /** The media types wanted, in place of the client's Accept. */
  public fun accept(vararg types: String) {
    draft = draft.setHeader(HeaderNames.ACCEPT, types.joinToString())
  }

  /** One more parameter of the query, encoded here. */
  public fun query(name: String, value: Any) {
    draft = draft.query(name, value)
  }

  /** A body of any kind; its type is what [header] says. */
  public fun body(body: Body) {
    draft = draft.body(body)
  }

  /** A body of this media type. */
  public fun body(type: String, body: Body) {
    draft = draft.body(type, body)
  }

  /** Text in UTF-8. */
  public fun text(text: String) {
    draft = draft.text(text)
  }

  /** A copy of these bytes. */
  public fun bytes(bytes: ByteArray, type: String = MediaType.OCTET_STREAM.toString()): Unit =
    body(type, Body.Whole(Bytes.copyOf(bytes)))

  /** A value as JSON, by the rules of Runnel's DSL; others by `text(Json…)` and a header. */
  public inline fun <reified T> json(value: T): Unit = encoded(value, serializer<T>())

  @PublishedApi
  internal fun <T> encoded(value: T, serializer: KSerializer<T>): Unit =
    body("application/json", Body.Whole(Bytes.utf8(encodeJson(value, serializer))))

  /**
   * A file, its type guessed from the name unless given; its length is looked up now.
   *
   * @throws java.io.IOException if it cannot be
   */
  public fun file(path: Path, type: String = MediaType.ofFileName(path)): Unit =
    body(type, Body.File(path, 0, Files.size(path)))

  /** Fields of a form (`application/x-www-form-urlencoded`). */
  public fun form(vararg fields: Pair<String, String>): Unit =
    body(FormBody.MEDIA_TYPE, FormBody.of(*fields.flatMap { listOf(it.first, it.second) }.toTypedArray()))

  /** A form with files (`multipart/form-data`). */
  public fun multipart(build: MultipartBody.Builder.() -> Unit) {
    val form = MultipartBody.builder().apply(build).build()
    body(form.mediaType(), form)
  }

  /**
   * What the flow emits, collected as fast as the server takes it, in the context and as a child of the coroutine that
   * makes the call. If it fails the call fails with [dev.runnel.transport.ClientException.Reason.REQUEST_BODY]; when
   * the call is over or wants no more of it, it is cancelled.
   *
   * @param length how many bytes there will be, or -1 if that is not known in advance
   * @param repeatable whether it can be collected again, as a redirect or a retry may need
   */
  public fun flow(
    flow: Flow<ByteArray>,
    type: String = MediaType.OCTET_STREAM.toString(),
    length: Long = -1,
    repeatable: Boolean = false,
  ): Unit = body(type, FlowBody(flow, length, repeatable, context))

  /**
   * Tells how far the body is sent, so many times a second at most, and of its end. On the loop of the call: the
   * listener must not block.
   */
  public fun onUpload(perSecond: Int = ProgressBody.PER_SECOND, listener: (Progress) -> Unit) {
    progress = perSecond to listener
  }

  /** Time limits of this call; the receiver has those of the client. */
  public fun timeouts(edit: CallTimeouts.() -> CallTimeouts) {
    timeouts = timeouts.edit()
    ownTimeouts = true
  }

  /** What else this call has otherwise than the client: `options { withProtocol(HTTP_1_1) }`. */
  public fun options(edit: CallOptions.() -> CallOptions) {
    options = options.edit()
  }

  /** A value kept beside the request, for filters. */
  public fun <T : Any> attribute(key: Request.Key<T>, value: T) {
    draft = draft.with(key, value)
  }

  internal fun setHeader(name: String, value: String) {
    draft = draft.setHeader(name, value)
  }

  internal fun request(): OutgoingRequest {
    val upload = progress
    val sent =
      if (upload == null) draft
      else draft.body(ProgressBody.of(draft.body().toBody(), { upload.second(it) }, upload.first))
    val chosen = if (ownTimeouts) options.withTimeouts(timeouts) else options
    return if (chosen === CallOptions.NONE) sent else sent.with(CallOptions.KEY, chosen)
  }
}
