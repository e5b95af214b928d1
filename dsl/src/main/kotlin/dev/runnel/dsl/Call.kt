package dev.runnel.dsl

import dev.runnel.engine.Exchange
import dev.runnel.engine.Outcome
import dev.runnel.http.Headers
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.ResponseHead
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.currentCoroutineContext

/** One request being answered: the receiver of every handler. Its functions may be called from any thread. */
@RunnelDsl
public interface Call {
  /** The request, as the filters passed it on. */
  public val request: Request

  /** The SPI behind the call, for what has no place here. Its methods belong on [Exchange.loop]. */
  public val exchange: Exchange

  /**
   * The scope of the call, for work that is a part of it but that the answer does not wait for: `scope.launch { }`.
   * Such work is counted by a drain and cancelled when the connection is lost. If it fails before the answer, the call
   * fails with it; after that it is logged.
   *
   * Work that the answer needs belongs into `coroutineScope { }`, work that outlives the client into [detached]. A bare
   * `launch { }` never means the call: within `runBlocking { routes { … } }` it would start in that outer scope.
   */
  public val scope: CoroutineScope

  /** Runs the block on the loop of the call, in place when already there: what [exchange] asks of its callers. */
  public suspend fun <T> onLoop(block: suspend () -> T): T

  /** Sends an informational answer, such as 103, before the final one (RFC 9110 15.2). */
  public suspend fun informational(status: Int, headers: Headers)

  /**
   * Promises the client an answer that it has not asked for, and runs a GET of this target for it (RFC 9113 8.4). False
   * if nothing was done: HTTP/1.x has no pushes, most clients refuse them, and all limit how many there are.
   *
   * @throws IllegalArgumentException if the target does not start with a slash
   */
  @IgnorableReturnValue public suspend fun push(target: String, headers: Headers = Headers.EMPTY): Boolean

  /** Records an edit of whatever head is finally sent: the answer, a mapped error, the 503 of a time limit. */
  public fun onHead(edit: (ResponseHead) -> ResponseHead)

  /** Calls back, on the loop, when the answer was handed to the transport or given up. */
  public fun onEnd(listener: (Outcome) -> Unit)
}

/** Answers a request. */
public typealias RouteHandler = suspend Call.(Request) -> Response

/** What stands behind a filter. */
public typealias Next = suspend (Request) -> Response

/**
 * The call that runs this code, also from functions without a receiver.
 *
 * @throws IllegalStateException outside of a handler, filter, streaming body or what they launched
 */
public suspend fun currentCall(): Call = currentCallContext()

internal suspend fun currentCallContext(): CallContext =
  currentCoroutineContext()[CallContext] ?: error("this runs outside of a call: no handler or filter started it")
