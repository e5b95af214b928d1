package dev.runnel.testkit.mutants;

import java.util.List;

/** Bugs of: Time limits, clients that leave and servers that stop. */
final class EndMutants {
  private static final String H1 = "engine.internal.h1.";
  private static final String H2 = "engine.internal.h2.";
  private static final String NETTY = "engine.internal.netty.";
  private static final String CALL = "engine.internal.exchange.";
  private static final String ABORT =
      "abort(Ldev/runnel/engine/CancelCause;"
          + "Ldev/runnel/engine/internal/exchange/Wire$CancelReason;)V";

  private EndMutants() {}

  static List<Mutant> time() {
    return List.of(
        Mutant.of(
            "a client that says nothing is waited for without end",
            NETTY + "Sniffing",
            "opened",
            Change.without("NettyLink.deadline")),
        Mutant.of(
            "half a head is waited for without end",
            H1 + "Http1Connection",
            "nextRequest",
            Change.without("Http1Connection.armDeadline")),
        Mutant.of(
            "an idle connection is never closed",
            H1 + "Http1Connection",
            "idle",
            Change.without("Http1Connection.armDeadline")),
        Mutant.of(
            "the time of the head runs on while the handler works",
            H1 + "Http1Connection",
            "begin",
            Change.without("SocketLink.noDeadline")),
        Mutant.of(
            "a silent body is waited for without end",
            H1 + "Http1Call",
            "demand",
            Change.without("Http1Connection.armDeadline")),
        Mutant.of(
            "a stream that takes nothing is never noticed",
            H2 + "Http2Stream",
            "await",
            Change.without("Deadlines.arm")),
        Mutant.of(
            "a client of HTTP/1.1 that takes nothing is never noticed",
            NETTY + "NettyLink",
            "watchProgress",
            Change.nothing()),
        Mutant.of(
            "a client of HTTP/1.1 that takes little is given up",
            NETTY + "StallWatch",
            "look",
            Change.unset("since")),
        Mutant.of(
            "what is written to a client counts as taken by it",
            NETTY + "StallWatch",
            "taken",
            Change.without("ChannelOutboundBuffer.totalPendingWriteBytes")),
        Mutant.of(
            "a silent client of HTTP/2 is not asked",
            H2 + "KeepAlive",
            "silent",
            Change.without("FrameWriter.ping")),
        Mutant.of(
            "a dead client of HTTP/2 is never given up",
            H2 + "KeepAlive",
            "silent",
            Change.without("Http2Connection.cancel")),
        Mutant.of(
            "the acknowledgement of SETTINGS is waited for without end",
            H2 + "Patience",
            "awaitSettings",
            Change.nothing()),
        Mutant.of(
            "deadlines are met a second late",
            CALL + "DeadlineSweep",
            "arm",
            Change.more(1, 1_000_000_000)));
  }

  static List<Mutant> ends() {
    return List.of(
        Mutant.of(
            "a client that leaves does not cancel its call",
            H1 + "Http1Connection",
            "closed",
            Change.without("ServerExchange.cancel")),
        Mutant.of(
            "a client that leaves does not cancel work behind its answer",
            H1 + "Http1Connection",
            "closed",
            Change.without("ConnectionContext.closed")),
        Mutant.of(
            "a client that leaves is taken for a server that stops",
            H1 + "Http1Connection",
            "closed",
            Change.insteadOf("CLIENT_GONE", "SERVER_STOPPING")),
        Mutant.of(
            "a client that closes its half is overlooked",
            H1 + "Http1Connection",
            "clientFin",
            Change.nothing()),
        Mutant.of(
            "a client that closes its half loses the answer that was given",
            CALL + "ServerExchange",
            "isHandedOver",
            Change.gives(0)),
        Mutant.of(
            "an answer up to the end of the connection that failed looks whole",
            H1 + "Http1Call",
            "head",
            Change.unset("untilClose")),
        Mutant.of(
            "a connection is closed over unread bytes",
            H1 + "Http1Connection",
            "close",
            Change.answered("BodyFraming.ended", 1)),
        Mutant.of(
            "who reads a body is not told that the call is cancelled",
            CALL + "ServerExchange",
            ABORT,
            Change.without("InboundBody.fail")),
        Mutant.of(
            "who waits for room is not told that the call is cancelled",
            CALL + "ServerExchange",
            ABORT,
            Change.without("OutboundBody.writable")),
        Mutant.of(
            "nobody is told that a call has ended",
            CALL + "ServerExchange",
            "end",
            Change.without("ServerExchange.tellEnded")),
        Mutant.of(
            "a call that is over is counted on",
            CALL + "ServerExchange",
            "over",
            Change.without("LoopContext.callOver")),
        Mutant.of(
            "a stop leaves the listeners open",
            NETTY + "Drain",
            "lastCalls",
            Change.without("Channel.close")),
        Mutant.of(
            "a stop does not wait for calls",
            NETTY + "Drain",
            "awaitCalls",
            Change.answered("Drain.isQuiet", 1)),
        Mutant.of(
            "a stop cuts work behind answers off with its idle connections",
            CALL + "ServerConnection",
            "closed",
            Change.answered("ServerState.isStopping", 0)),
        Mutant.of(
            "a stop never cancels work whose connection has ended",
            CALL + "LoopContext",
            "cancelOutlived",
            Change.nothing()),
        Mutant.of(
            "a stop never cancels what is left",
            NETTY + "Drain",
            "cancelRest",
            Change.without("List.forEach")),
        Mutant.of(
            "a stop does not tell clients that the answer is the last",
            H1 + "Http1Connection",
            "drain",
            Change.without("Http1Call.lastCall")),
        Mutant.of(
            "a stop leaves idle connections open",
            H1 + "Http1Connection",
            "closeIfIdle",
            Change.nothing()),
        Mutant.of(
            "a stop sends no GOAWAY", H2 + "GoAway", "drain", Change.without("FrameWriter.goAway")),
        Mutant.of(
            "GOAWAY names no stream as the last",
            H2 + "GoAway",
            "name",
            Change.without("Streams.lastPeer")),
        Mutant.of(
            "a connection of HTTP/2 stays when its last stream is over",
            H2 + "GoAway",
            "closeIfDone",
            Change.nothing()));
  }
}
