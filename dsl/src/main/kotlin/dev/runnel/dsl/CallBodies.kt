package dev.runnel.dsl

import dev.runnel.engine.CallUpgrade
import dev.runnel.engine.Exchange
import dev.runnel.http.Body
import dev.runnel.http.BodyWriter
import dev.runnel.http.Headers
import dev.runnel.http.RawConnection
import dev.runnel.http.Response

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

  /**
   * Writes the body, starting on the loop. It ends when this returns, unless this has ended it, and is aborted when
   * this throws.
   */
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

    override fun end(trailers: Headers) {
      if (!call.root.bodies.isOver) checkNotNull(writer).end(trailers)
    }
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
  private val waiting = ArrayList<(RawConnection) -> Unit>(1)
  private var abandoned = false

  /** Whether the head was sent, so that no other answer can be given. */
  public var isAccepted: Boolean = false
    private set

  /**
   * Sends the head, unless that was done, and calls back on the loop with the connection: at once if it is there, else
   * later in this turn. Throws what an edit of the head throws.
   *
   * @throws dev.runnel.engine.CallCancelledException if the call is over
   */
  public fun accept(taken: (RawConnection) -> Unit) {
    connection?.let {
      return taken(it)
    }
    waiting.add(taken)
    if (!isAccepted) {
      isAccepted = true
      offer.run()
    }
  }

  internal fun taken(connection: RawConnection) {
    if (abandoned) return connection.reset()
    this.connection = connection
    val told = waiting.toList()
    waiting.clear()
    told.forEach { it(connection) }
  }

  /** Nobody is there any more to take it. */
  internal fun abandon() {
    abandoned = true
  }
}
