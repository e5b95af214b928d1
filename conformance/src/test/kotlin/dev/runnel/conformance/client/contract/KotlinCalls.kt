package dev.runnel.conformance.client.contract

import dev.runnel.client.Client
import dev.runnel.client.kotlin.suspending
import dev.runnel.http.Body
import dev.runnel.http.Request
import dev.runnel.http.Response
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/**
 * Calls by the suspend face, for suites that both faces share. Each has a coroutine of its own, which holds the answer
 * until the test ends: with it goes a body that nobody read.
 */
public class KotlinCalls : AutoCloseable {
  private val scope = CoroutineScope(Dispatchers.Unconfined + SupervisorJob())

  /** Cancelling what this returns cancels the coroutine. */
  public fun send(client: Client, request: Request): CompletableFuture<Response> {
    val result = CompletableFuture<Response>()
    val call =
      scope.launch(start = CoroutineStart.UNDISPATCHED) {
        val answer =
          try {
            client.suspending()(request)
          } catch (e: Throwable) {
            val _ = result.completeExceptionally(e)
            return@launch
          }
        if (!result.complete(answer)) Body.discard(answer.body())
        awaitCancellation()
      }
    val _ = result.whenComplete { _, _ -> if (result.isCancelled) call.cancel() }
    return result
  }

  override fun close(): Unit = scope.cancel()
}
