package dev.runnel.client.kotlin

import dev.runnel.dsl.onOutermostEnd
import dev.runnel.http.Body
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.DisposableHandle

/**
 * Gives a body up at the end of the outermost coroutine unless it was read by then. It is held weakly, so that a loop
 * which runs for ever and forgets its bodies does not keep them all: those that nobody has any more are mended and
 * logged by the client itself.
 */
internal fun releasedAtEnd(body: Body, context: CoroutineContext) {
  if (body is Body.Whole) return
  forgetCollected()
  val released = Released(body)
  released.handle = context.onOutermostEnd(released::release)
}

internal fun Body.giveUp() = Body.discard(this)

private class Released(body: Body) : WeakReference<Body>(body, COLLECTED) {
  @Volatile var handle: DisposableHandle? = null

  fun release() {
    get()?.giveUp()
  }
}

private val COLLECTED = ReferenceQueue<Body>()

/** The Job of a long life would otherwise hold a listener for each call that was made in it. */
private fun forgetCollected() {
  while (true) {
    val released = COLLECTED.poll() ?: return
    (released as Released).handle?.dispose()
  }
}
