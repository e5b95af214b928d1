package dev.runnel.client.kotlin

import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * The value of a stage; cancelling the coroutine cancels it. What comes when nobody waits for it any more is given to
 * [undelivered]. Errors are those of the stage, unwrapped and of their own type.
 */
internal suspend fun <T> CompletionStage<T>.awaited(undelivered: (T) -> Unit): T {
  val future = toCompletableFuture()
  return suspendCancellableCoroutine { continuation ->
    continuation.invokeOnCancellation {
      val unused = future.cancel(false)
    }
    val unused = future.whenComplete { value, error ->
      if (error == null) continuation.resume(value) { _, late, _ -> undelivered(late) }
      else continuation.resumeWithException(causeOf(error))
    }
  }
}

/** What a stage failed with. Only a cancelled coroutine may see a CancellationException, or it would end in silence. */
private fun causeOf(error: Throwable): Throwable {
  var cause = error
  while (cause is CompletionException) cause = cause.cause ?: break
  return if (cause is CancellationException) {
    ClientException(Reason.CANCELLED, "the call was cancelled by somebody else", false, cause)
  } else cause
}
