package dev.runnel.dsl

import java.util.concurrent.RejectedExecutionException
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job

/**
 * Runs the task, which must not throw nor block, when the outermost coroutine around this context has ended, and the
 * call too if it is one's: when nothing can be done any more with what was got within it. The outermost, because what
 * `withTimeout`, `withContext` or `async` got is used behind them; the call, because the engine sends an answer's body
 * after the handler has returned.
 *
 * @return takes the task back; null if there is no end to wait for, and the task will never run
 */
public fun CoroutineContext.onOutermostEnd(task: () -> Unit): DisposableHandle? {
  val call = this[CallContext]?.takeUnless { it.isDetached }
  val job = this[Job]?.outermost()
  val atEnd = { if (call == null) task() else call.afterEnd(task) }
  return when {
    job != null -> job.invokeOnCompletion { atEnd() }
    call != null -> DisposableHandle {}.also { atEnd() }
    else -> null
  }
}

private fun CallContext.afterEnd(task: () -> Unit) {
  try {
    onEnd { task() }
  } catch (_: RejectedExecutionException) {
    task() // the loop has ended, and with it every call
  }
}

/** The last of the coroutines around it: a bare Job, as scopes of applications and servers have, is none. */
@OptIn(ExperimentalCoroutinesApi::class) // Job.parent: there is no other way to look up
private fun Job.outermost(): Job {
  var job = this
  while (true) job = job.parent?.takeIf { it is CoroutineScope } ?: return job
}
