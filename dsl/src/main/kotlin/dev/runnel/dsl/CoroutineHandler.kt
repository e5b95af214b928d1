package dev.runnel.dsl

import dev.runnel.engine.Exchange
import dev.runnel.engine.Handler

/**
 * A handler in coroutines: runs its stages in one coroutine, started undispatched in the turn of the loop that
 * completed the request's head. The only place where a call's coroutine begins; `blocking`, `detached` and `launch`
 * branch off it.
 */
internal class CoroutineHandler(val stage: Stage) : Handler {
  override fun handle(exchange: Exchange) {
    val call = CallContext(exchange, LoopDispatcher.of(exchange.loop()))
    CallCoroutine(call, stage).begin()
  }
}
