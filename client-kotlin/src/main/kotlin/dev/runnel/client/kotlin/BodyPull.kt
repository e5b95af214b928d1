package dev.runnel.client.kotlin

import dev.runnel.http.BodyReader
import dev.runnel.http.Content
import dev.runnel.io.Bytes
import dev.runnel.io.Loop
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine

/** Pulls a body from wherever the caller runs: one visit to the body's loop for as much as is there. */
internal class BodyPull private constructor(private val source: Source) {
  /** Opened on its loop, by the first who asks. */
  private class Source(val home: Loop?, val open: () -> BodyReader) {
    @Volatile var reader: BodyReader? = null

    fun post(task: () -> Unit) {
      val loop = reader?.loop() ?: home
      if (loop == null || loop.inLoop()) task() else loop.execute(task)
    }
  }

  /** The next pieces, about 64 KiB at most; none at the end. Throws what reading throws. */
  suspend fun next(): List<Bytes> = suspendCancellableCoroutine { waiting -> source.post { take(waiting) } }

  private fun take(waiting: CancellableContinuation<List<Bytes>>) {
    if (!waiting.isActive) return
    try {
      val reader = source.reader ?: source.open().also { source.reader = it }
      val pieces = pollAll(reader)
      when {
        // Behind the step of the connection that gave the end: who asks for something else next finds it free.
        reader.ended() -> reader.loop().execute { waiting.resume(pieces) { _, _, _ -> } }
        pieces.isNotEmpty() -> waiting.resume(pieces) { _, _, _ -> }
        else -> reader.onReady { take(waiting) }
      }
    } catch (e: RuntimeException) {
      waiting.resumeWithException(e)
    }
  }

  private fun pollAll(reader: BodyReader): List<Bytes> {
    val pieces = ArrayList<Bytes>(2)
    var count = 0
    while (count < BATCH) {
      // What came before a failure is given first; the next look throws it again.
      val piece =
        try {
          reader.poll() ?: break
        } catch (e: RuntimeException) {
          if (pieces.isEmpty()) throw e else break
        }
      if (!piece.isEmpty) pieces.add(piece)
      count += piece.length()
    }
    return pieces
  }

  /** Nothing more is wanted, or nothing at all. In vain where the end was seen. */
  fun close(): Unit = source.post { opened()?.cancel() }

  private fun opened(): BodyReader? =
    source.reader
      ?: try {
        source.open()
      } catch (_: IllegalStateException) {
        null // somebody else reads it, or gave it up
      }

  companion object {
    private const val BATCH = 64 shl 10

    fun of(content: Content) = BodyPull(Source(content.home()) { content.reader() })
  }
}
