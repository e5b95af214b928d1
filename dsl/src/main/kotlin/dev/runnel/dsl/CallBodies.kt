package dev.runnel.dsl

import dev.runnel.engine.CallUpgrade
import dev.runnel.engine.Exchange
import dev.runnel.http.Body
import dev.runnel.http.BodyWriter
import dev.runnel.http.Headers
import dev.runnel.http.RawConnection
import dev.runnel.http.Response
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * A body that is written in the root coroutine of the call, behind all filters; what [stream], `ok(flow)` and the
 * modules of more kinds of streams build on. It becomes part of the call that answers with it, so a constant response
 * with one may be returned often. What fails before the first byte goes through `mapException`.
 */
public abstract class StreamedBody : Body.Producer {
  /**
   * The response as the filters see it, when a handler or filter of the call returns it; may throw, like a handler, if
   * the request does not fit.
   */
  protected open fun prepare(call: Call, response: Response): Response = response

  /** Writes the body, starting on the loop. It ends when this returns, and is aborted when this throws. */
  protected abstract suspend fun write(call: Call, writer: BodyWriter)

  internal fun bind(call: CallContext, response: Response): Response {
    val prepared = prepare(call, response)
    call.streams++
    return prepared.body(Bound(call))
  }

  final override fun produce(writer: BodyWriter): Nothing =
    error("a streaming body of the Kotlin DSL must be returned by a Kotlin handler or filter")

  private inner class Bound(private val call: CallContext) : Body.Producer, BodyEvent.Run {
    private var writer: BodyWriter? = null

    override fun produce(writer: BodyWriter) {
      check(this.writer == null) { "this streaming body was written already" }
      this.writer = writer
      call.root.bodies.run(this)
    }

    override suspend fun run() = write(call, checkNotNull(writer))

    override fun end(trailers: Headers) = checkNotNull(writer).end(trailers)
  }
}

/**
 * A body that takes the connection over, run in the root coroutine of the call behind all filters. Until it accepts,
 * what it throws becomes the answer, through `mapException`.
 */
public abstract class UpgradedBody : Body.Upgrade {
  /**
   * The response as the filters see it, when a handler or filter of the call returns it; may throw, like a handler, if
   * the request does not ask for this.
   */
  protected open fun prepare(call: Call, response: Response): Response = response

  /** Runs what has the connection, starting on the loop. */
  protected abstract suspend fun run(call: Call, upgrade: Upgrading)

  internal fun bind(call: CallContext, response: Response): Response {
    val prepared = prepare(call, response)
    call.streams++
    return prepared.body(Bound(call))
  }

  final override fun take(connection: RawConnection): Nothing =
    error("an upgrade of the Kotlin DSL must be returned by a Kotlin handler or filter")

  private inner class Bound(private val call: CallContext) : CallUpgrade, BodyEvent.Run {
    private var upgrading: Upgrading? = null

    override fun begin(call: Exchange, accept: Runnable) {
      check(upgrading == null) { "this upgrade was begun already" }
      upgrading = Upgrading(accept)
      this.call.root.bodies.run(this)
    }

    override fun take(connection: RawConnection) = checkNotNull(upgrading).taken(connection)

    override suspend fun run() {
      val upgrade = checkNotNull(upgrading)
      try {
        run(call, upgrade)
        check(upgrade.isAccepted) { "an upgrade was neither accepted nor rejected" }
      } finally {
        upgrade.abandon()
      }
    }

    override fun end(trailers: Headers) = Unit
  }
}

/** A connection that may be taken over. On the loop only. */
public class Upgrading internal constructor(private val offer: Runnable) {
  private var connection: RawConnection? = null
  private var abandoned = false
  private var waiter: CancellableContinuation<RawConnection>? = null

  /** Whether the head was sent, so that no other answer can be given. */
  public var isAccepted: Boolean = false
    private set

  /** Sends the head and takes the connection; the same one when called again, but not by two at a time. */
  public suspend fun accept(): RawConnection {
    if (!isAccepted) {
      offer.run()
      isAccepted = true
    }
    return connection ?: suspendCancellableCoroutine { waiter = it }
  }

  internal fun taken(connection: RawConnection) {
    if (abandoned) return connection.reset()
    this.connection = connection
    waiter?.let { if (it.isActive) it.resume(connection) }
  }

  /** Nobody is there any more to take it. */
  internal fun abandon() {
    abandoned = true
  }
}
