package dev.runnel.testkit.mutants;

import java.util.List;

/** Bugs of: Streams of events, WebSocket sessions and coroutines. */
final class StreamMutants {
  private static final String WEB_SOCKET = "websocket.";
  private static final String SSE = "sse.";
  private static final String DSL = "dsl.";
  private static final String WS = "ws.";

  private StreamMutants() {}

  static List<Mutant> events() {
    return List.of(
        Mutant.of(
            "no heartbeat is sent", SSE + "EventStream", "beat", Change.without("SendQueue.offer")),
        Mutant.of(
            "there is one heartbeat only",
            SSE + "EventStream",
            "beat",
            Change.without("Loop.schedule")),
        Mutant.of(
            "a heartbeat comes although an event was sent",
            SSE + "EventWriter",
            "wrote",
            Change.unset("lastWrite")),
        Mutant.of(
            "data of two lines is not split",
            SSE + "EventEncoder",
            "lines",
            Change.without("String.charAt")),
        Mutant.of(
            "the head waits for the first event",
            SSE + "EventStream",
            "begin",
            Change.without("Loop.schedule")),
        Mutant.of(
            "a client that takes too little is kept",
            SSE + "EventStream",
            "tooSlow",
            Change.nothing()),
        Mutant.of(
            "a handler is not told that its stream is over",
            SSE + "StreamSink",
            "over",
            Change.nothing()),
        Mutant.of("a stop does not end streams", SSE + "EventStream", "stop", Change.nothing()));
  }

  static List<Mutant> sessions() {
    return List.of(
        Mutant.of(
            "a ping is not answered",
            WEB_SOCKET + "FrameLink",
            "control",
            Change.without("SendQueue.urgent")),
        Mutant.of(
            "a Close is not answered",
            WEB_SOCKET + "Closing",
            "received",
            Change.without("Closing.say")),
        Mutant.of(
            "a Close is answered with 1000, whatever its code",
            WEB_SOCKET + "Closing",
            "received",
            Change.answered("CloseReason.code", 1000)),
        Mutant.of(
            "a Close of ours is waited on without end",
            WEB_SOCKET + "Closing",
            "close",
            Change.without("Loop.schedule")),
        Mutant.of(
            "the mask is not taken off",
            WEB_SOCKET + "FrameLink",
            "beginFrame",
            Change.without("FrameHead.key")),
        Mutant.of(
            "the mask begins anew in the middle of a frame",
            WEB_SOCKET + "FrameLink",
            "payload",
            Change.without("Integer.rotateLeft")),
        Mutant.of(
            "each fragment is a message", WEB_SOCKET + "FrameHead", "isLast", Change.gives(1)),
        Mutant.of(
            "what a frame must not be is let in",
            WEB_SOCKET + "FrameHead",
            "checkStart",
            Change.nothing()),
        Mutant.of(
            "text that is not UTF-8 is let in",
            WEB_SOCKET + "Utf8Check",
            "accept([BII)Z",
            Change.gives(1)),
        Mutant.of(
            "the limit of a message is not kept",
            WEB_SOCKET + "Assembly",
            "checkLimit",
            Change.nothing()),
        Mutant.of(
            "nobody is asked for a sign of life",
            WEB_SOCKET + "Liveness",
            "start",
            Change.nothing()),
        Mutant.of(
            "a ping without an answer is forgotten",
            WEB_SOCKET + "Liveness",
            "asked",
            Change.unset("asked")),
        Mutant.of("a listener is not waited for", WS + "ListenerRun", "goesOn", Change.gives(1)),
        Mutant.of(
            "a client that is too slow is kept",
            WEB_SOCKET + "FrameLink",
            "tooSlow",
            Change.nothing()),
        Mutant.of(
            "a stop does not close sessions",
            WEB_SOCKET + "FrameLink",
            "start",
            Change.without("CallLife.onStop")),
        Mutant.of(
            "a session that is over is held on to",
            WEB_SOCKET + "Closing",
            "end",
            Change.without("CallLife$Hold.release")));
  }

  static List<Mutant> calls() {
    return List.of(
        Mutant.of(
            "a coroutine is not cancelled with its call",
            DSL + "CallCoroutine",
            "accept(Ldev/runnel/engine/CancelCause;)V",
            Change.nothing()),
        Mutant.of(
            "a call is held by a coroutine that was cancelled",
            DSL + "CallCoroutine",
            "onCancelled",
            Change.without("Exchange$Hold.release")),
        Mutant.of(
            "a stop is told as a client that left",
            DSL + "ServerStopping",
            "getReason",
            Change.insteadOf("SERVER_STOPPING", "CLIENT_GONE")),
        Mutant.of(
            "a time limit of a coroutine is never met",
            DSL + "LoopDispatcher",
            "invokeOnTimeout",
            Change.more(0, 1_000_000_000)),
        Mutant.of(
            "a delay is over a millisecond early",
            DSL + "LoopDispatcher",
            "scheduleResumeAfterDelay",
            Change.more(0, -1)),
        Mutant.of(
            "requestTimeout forgets answers that are streamed",
            DSL + "HeadDeadline",
            "arm",
            Change.nothing()),
        Mutant.of(
            "a streamed body does not wait for room",
            DSL + "BodySink",
            "awaitWritable",
            Change.nothing()),
        Mutant.of(
            "a streamed body that waits for room is never woken",
            DSL + "BodySink",
            "wake",
            Change.nothing()));
  }
}
