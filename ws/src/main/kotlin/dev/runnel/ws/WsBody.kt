package dev.runnel.ws

import dev.runnel.dsl.Call
import dev.runnel.dsl.UpgradedBody
import dev.runnel.dsl.Upgrading
import dev.runnel.http.Response

/** A session that runs in the root coroutine of the call which answers with it. */
internal class WsBody(private val options: WsOptions, private val handler: suspend WsServerSession.() -> Unit) :
  UpgradedBody() {
  override fun prepare(call: Call, response: Response): Response {
    val opening = Opening(call.request, options)
    call.request.attribute(Opening.KEY, opening)
    val accepting = opening.accept(this)
    return accepting.headers(accepting.headers().plus(response.headers()))
  }

  override suspend fun run(call: Call, upgrade: Upgrading) {
    val opening = checkNotNull(call.request.attribute(Opening.KEY)) { "the session was not prepared" }
    SessionRun(CallSession(call, upgrade, opening.agreed()), opening.options()).run(handler)
  }
}
