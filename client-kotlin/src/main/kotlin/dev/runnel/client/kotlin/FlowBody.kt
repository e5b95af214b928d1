package dev.runnel.client.kotlin

import dev.runnel.client.RepeatableBody
import dev.runnel.client.StoppableBody
import dev.runnel.http.BodyWriter
import dev.runnel.io.Bytes
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine

/** A body from a flow, which a coroutine of the caller's collects while the connection takes what it emits. */
internal class FlowBody(
  private val flow: Flow<ByteArray>,
  private val length: Long,
  private val repeatable: Boolean,
  private val context: CoroutineContext,
) : StoppableBody, RepeatableBody {
  private val used = AtomicBoolean()
  @Volatile private var collecting: Job? = null

  override fun length(): Long = length

  override fun isRepeatable(): Boolean = repeatable

  override fun produce(writer: BodyWriter) {
    check(!used.getAndSet(true) || repeatable) { "this flow was sent before, and is not said to be repeatable" }
    collecting = CoroutineScope(context).launch { send(writer) }
  }

  override fun stopped() {
    collecting?.cancel(CancellationException("the call takes no more of its body"))
  }

  private suspend fun CoroutineScope.send(writer: BodyWriter) {
    try {
      flow.collect { if (it.isNotEmpty()) writer.send(Bytes.copyOf(it)) }
      writer.finish()
    } catch (e: CancellationException) {
      // A flow that was cancelled by itself must not leave the server waiting for the rest.
      if (isActive) writer.fail(e) else throw e
    } catch (e: Throwable) {
      // It fails the call, not its siblings.
      writer.fail(e)
    }
  }
}

private suspend fun BodyWriter.send(bytes: Bytes) = onLoop { waiting ->
  if (write(bytes)) waiting.resumed() else onWritable { waiting.resumed() }
}

private suspend fun BodyWriter.finish() = onLoop { waiting ->
  end()
  waiting.resumed()
}

private fun CancellableContinuation<Unit>.resumed() = resume(Unit) { _, _, _ -> }

private suspend fun BodyWriter.onLoop(block: BodyWriter.(CancellableContinuation<Unit>) -> Unit) =
  suspendCancellableCoroutine { waiting ->
    val run = {
      try {
        if (waiting.isActive) block(waiting)
      } catch (e: RuntimeException) {
        waiting.resumeWithException(e)
      }
    }
    if (loop().inLoop()) run() else loop().execute(run)
  }

/** What a task of the writer's throws fails its call. */
private fun BodyWriter.fail(error: Throwable) {
  val failure = ClientException(Reason.REQUEST_BODY, "the flow of the request's body failed: $error", false, error)
  val fail = { onWritable { throw failure } }
  if (loop().inLoop()) fail() else loop().execute(fail)
}
