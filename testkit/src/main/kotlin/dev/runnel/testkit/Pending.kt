package dev.runnel.testkit

/**
 * A task that is posted to a queue at most once at a time, by whatever thread asks first.
 *
 * When [ask] returns the task is in the queue, whoever has put it there. A flag without a lock would not do: between
 * setting it and posting another thread believes that something is queued, finds the queue empty, and lets time pass.
 */
internal class Pending(private val post: (Runnable) -> Unit, private val task: () -> Unit) {
  private var isPosted = false

  @Synchronized
  fun ask() {
    if (!isPosted) {
      isPosted = true
      post(Runnable(::run))
    }
  }

  private fun run() {
    synchronized(this) { isPosted = false } // before the task: what asks from now on wants another one
    task()
  }
}
