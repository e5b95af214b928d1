package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import kotlinx.coroutines.CancellationException

/**
 * What a cancelled call throws at its suspension points. Let it pass: `finally` blocks run, and there is nobody left to
 * answer. What ends a call is judged by its recorded [reason], never by the type of an exception.
 */
public sealed class CallCancellation(message: String) : CancellationException(message) {
  /** Why the call was cancelled. */
  public abstract val reason: CancelCause

  // The stack would show the event loop. Thousands of calls may end at once when a connection is lost.
  override fun fillInStackTrace(): Throwable = this
}

/** The client left: reset, end of its half, HTTP/2 RST_STREAM, or the connection was lost. */
public class ClientGone : CallCancellation("the client is gone") {
  override val reason: CancelCause
    get() = CancelCause.CLIENT_GONE
}

/** The server left, in a session that this client opened: its connection was lost, or it answers no ping. */
public class ServerGone : CallCancellation("the server is gone") {
  override val reason: CancelCause
    get() = CancelCause.SERVER_GONE
}

/** The deadline of the server's drain passed. */
public class ServerStopping : CallCancellation("the server is stopping") {
  override val reason: CancelCause
    get() = CancelCause.SERVER_STOPPING
}

/** The client took no byte of the answer, or sent none of its body, for the time that the server's limits allow. */
public class ClientStalled internal constructor(private val writing: Boolean) : CallCancellation("the client stalled") {
  override val reason: CancelCause
    get() = if (writing) CancelCause.WRITE_STALLED else CancelCause.BODY_STALLED
}

/** The client took too few bytes of a stream of events for too long. */
public class SlowConsumer : CallCancellation("the client takes too little") {
  override val reason: CancelCause
    get() = CancelCause.SLOW_CONSUMER
}

/** The client broke the protocol within its body. */
public class ProtocolError : CallCancellation("the client broke the protocol") {
  override val reason: CancelCause
    get() = CancelCause.PROTOCOL_ERROR
}

/** Bytes of request bodies that nobody took were too many, and this call had to give way. */
public class OverBudget : CallCancellation("too many received bytes that nobody takes") {
  override val reason: CancelCause
    get() = CancelCause.OVER_BUDGET
}

/** The time that `requestTimeout` gave is over; the client was answered with 503. */
public class RequestTimedOut : CallCancellation("the request's time is over") {
  override val reason: CancelCause
    get() = CancelCause.TIMEOUT
}

/** The call failed after its answer had begun. */
public class CallFailed : CallCancellation("the call failed") {
  override val reason: CancelCause
    get() = CancelCause.FAILED
}

/** What a call that was cancelled for this reason throws. */
public fun CancelCause.toCancellation(): CallCancellation =
  when (this) {
    CancelCause.CLIENT_GONE -> ClientGone()
    CancelCause.SERVER_GONE -> ServerGone()
    CancelCause.SERVER_STOPPING -> ServerStopping()
    CancelCause.WRITE_STALLED -> ClientStalled(writing = true)
    CancelCause.SLOW_CONSUMER -> SlowConsumer()
    CancelCause.BODY_STALLED -> ClientStalled(writing = false)
    CancelCause.PROTOCOL_ERROR -> ProtocolError()
    CancelCause.OVER_BUDGET -> OverBudget()
    CancelCause.TIMEOUT -> RequestTimedOut()
    CancelCause.FAILED -> CallFailed()
  }
