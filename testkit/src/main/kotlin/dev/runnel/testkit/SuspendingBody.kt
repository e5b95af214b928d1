package dev.runnel.testkit

import dev.runnel.http.Body
import dev.runnel.http.BodyReader
import dev.runnel.http.Content
import dev.runnel.http.Headers
import dev.runnel.io.Loop
import java.util.concurrent.CompletionStage

/**
 * The body of an answer that is written while it is read: to be read by suspending, as its writer may need the thread.
 */
internal class SuspendingBody(
  private val source: Body.Source,
  headers: Headers,
  private val loop: CoroutineLoop,
) : Body.Source, Content {
  private val content = Content.of(source, headers, MOST_HELD, ::tooLarge)

  override fun length(): Long = source.length()

  override fun home(): Loop? = source.home()

  override fun open(): BodyReader = source.open()

  override fun discard() {
    source.discard()
  }

  override fun isEmpty(): Boolean = content.isEmpty

  override fun reader(): BodyReader = content.reader()

  override fun bytes(): ByteArray = blocking { content.bytes() }

  override fun text(): String = blocking { content.text() }

  override fun <T : Any> json(type: Class<T>): T = blocking { content.json(type) }

  override fun bytesAsync(): CompletionStage<ByteArray> = content.bytesAsync()

  override fun textAsync(): CompletionStage<String> = content.textAsync()

  override fun <T : Any> jsonAsync(type: Class<T>): CompletionStage<T> = content.jsonAsync(type)

  private inline fun <T> blocking(read: () -> T): T {
    check(!loop.isHome) {
      "a blocking read here would stop the handler that writes this body: use response.text(), bytes(), json() or " +
        "body of dev.runnel.client.kotlin, which suspend"
    }
    return read()
  }

  private companion object {
    const val MOST_HELD = 16L shl 20

    fun tooLarge(limit: Long) =
      IllegalStateException("the body is larger than the limit of $limit bytes for bodies read as a whole")
  }
}
