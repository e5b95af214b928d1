package dev.runnel.ws

import dev.runnel.dsl.Call
import dev.runnel.dsl.Upgrading
import dev.runnel.dsl.toCancellation
import dev.runnel.engine.CallCancelledException
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.FrameLink
import kotlin.coroutines.resume
import kotlinx.coroutines.suspendCancellableCoroutine

/** A session on a call of the server, whose link is opened when the handler first asks for it. */
internal class CallSession(override val call: Call, private val upgrade: Upgrading, private val agreed: Agreed) :
  LinkedSession(agreed), WsServerSession {
  // Written on the loop; elsewhere it is only asked whether it is open.
  @Volatile private var link: FrameLink? = null
  private var onClosed: () -> Unit = {}

  override val request: Request
    get() = call.request

  override val isClosed: Boolean
    get() = link?.isOpen == false

  /** Whether the client was told that it is open. */
  val isOpened: Boolean
    get() = upgrade.isAccepted

  override fun linkHere(): FrameLink? = link?.takeIf { it.loop().inLoop() }

  override suspend fun <T> onLoop(block: suspend () -> T): T = call.onLoop(block)

  override suspend fun link(): FrameLink =
    link ?: suspendCancellableCoroutine { waiting -> accept { if (waiting.isActive) waiting.resume(it) } }

  private fun accept(then: (FrameLink) -> Unit) {
    try {
      upgrade.accept { connection ->
        var made = link
        if (made == null) {
          made = agreed.link(call.exchange, connection, ::tellClosed)
          link = made
          made.start()
        }
        then(made)
      }
    } catch (e: CallCancelledException) {
      throw e.reason().toCancellation()
    }
  }

  /** The handler has taken its time: the client shall know that the session is open. */
  fun openInTime() {
    try {
      accept {}
    } catch (e: Throwable) {
      call.exchange.fail(e)
    }
  }

  fun onClosed(listener: () -> Unit) {
    onClosed = listener
  }

  override fun tellClosed(reason: CloseReason) {
    onClosed()
    super.tellClosed(reason)
  }

  override fun reject(response: Response): Nothing {
    check(!isOpened) { "the session is open already: close it with a code instead" }
    dev.runnel.dsl.reject(response)
  }

  override fun reject(status: Int, detail: String?): Nothing {
    check(!isOpened) { "the session is open already: close it with a code instead" }
    dev.runnel.dsl.reject(status, detail)
  }
}
