package dev.runnel.dsl

import dev.runnel.engine.CallCancelledException
import dev.runnel.http.BodyWriter
import dev.runnel.http.Response
import dev.runnel.io.Bytes
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Where a streaming body is written. Writing suspends while the peer is slow; what is written in one turn of the loop
 * leaves in one flush at its end, so there is no flush to call.
 */
@RunnelDsl
public class BodySink internal constructor(private val writer: BodyWriter, private val call: CallContext) {
  // Several coroutines may write at a time, and the engine wakes only the last who asked.
  private val waiting = ArrayList<CancellableContinuation<Unit>>(1)

  /** Writes text in UTF-8. Suspends while 64 KiB or more wait for the peer. */
  public suspend fun write(text: String): Unit = write(Bytes.utf8(text))

  /** Writes a copy of the bytes. Suspends while 64 KiB or more wait for the peer. */
  public suspend fun write(bytes: ByteArray): Unit = write(Bytes.copyOf(bytes))

  /** Writes the bytes. Suspends while 64 KiB or more wait for the peer. */
  public suspend fun write(bytes: Bytes): Unit = call.onLoop { if (!handOver(bytes)) awaitWritable() }

  private fun handOver(bytes: Bytes): Boolean =
    try {
      writer.write(bytes)
    } catch (e: CallCancelledException) {
      throw e.reason().toCancellation()
    }

  private suspend fun awaitWritable() = suspendCancellableCoroutine {
    waiting.add(it)
    if (waiting.size == 1) writer.onWritable(::wake)
  }

  private fun wake() {
    val woken = waiting.toList()
    waiting.clear()
    woken.forEach { if (it.isActive) it.resume(Unit) }
  }
}

/** 200 with a body of this media type that the block writes, as fast as the peer takes it. */
public fun stream(type: String, write: suspend BodySink.() -> Unit): Response =
  Response.ok().body(type, BlockBody(write))

internal open class BlockBody(private val write: suspend BodySink.() -> Unit) : StreamedBody() {
  override suspend fun write(call: Call, writer: BodyWriter) = BodySink(writer, call as CallContext).write()
}
