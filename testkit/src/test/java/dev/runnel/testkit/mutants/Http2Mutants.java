package dev.runnel.testkit.mutants;

import java.util.List;

/** Bugs of: HTTP/2. */
final class Http2Mutants {
  private static final String H2 = "engine.internal.h2.";

  private Http2Mutants() {}

  static List<Mutant> http2() {
    return List.of(
        Mutant.of(
            "SETTINGS are not acknowledged",
            H2 + "Inbound",
            "settings",
            Change.without("FrameWriter.settingsAcknowledged")),
        Mutant.of(
            "PING is not answered", H2 + "Inbound", "ping", Change.without("FrameWriter.ping")),
        Mutant.of(
            "the window of a stream is never given back",
            H2 + "Http2Stream",
            "takeInput",
            Change.without("Http2Stream.credit")),
        Mutant.of(
            "the window of a stream is given back twice",
            H2 + "Http2Stream",
            "credit",
            Change.twice("FrameWriter.windowUpdate")),
        Mutant.of(
            "the window of the connection is never given back",
            H2 + "Inbound",
            "credit",
            Change.without("FrameWriter.windowUpdate")),
        Mutant.of(
            "the window of the connection is given back twice",
            H2 + "Inbound",
            "credit",
            Change.twice("FrameWriter.windowUpdate")),
        Mutant.of(
            "what the client says of its first windows is ignored",
            H2 + "Settings",
            "set",
            Change.unset("window")),
        Mutant.of(
            "windows that change do not count for open streams",
            H2 + "Inbound",
            "settings",
            Change.without("Inbound.widenAll")),
        Mutant.of(
            "DATA is not counted against the window of its stream",
            H2 + "Http2Stream",
            "write",
            Change.unset("sendWindow")),
        Mutant.of(
            "DATA is not counted against the window of the connection",
            H2 + "Scheduler",
            "sent",
            Change.unset("window")),
        Mutant.of("END_STREAM is never set", H2 + "FrameWriter", "data", Change.number(1, 0)),
        Mutant.of(
            "trailers are left out",
            H2 + "Http2Stream",
            "sendEnd",
            Change.answered("Headers.isEmpty", 1)),
        Mutant.of(
            "the limit of concurrent streams is not kept",
            H2 + "Http2Server",
            "isFull",
            Change.gives(0)),
        Mutant.of(
            "the client may use our stream numbers",
            H2 + "Http2Server",
            "mayOpen",
            Change.nothing()),
        Mutant.of("a malformed head is taken", H2 + "HeaderFields", "flaw", Change.nothing()),
        Mutant.of(
            "the announced length of a body is forgotten",
            H2 + "Http2Stream",
            "expect",
            Change.nothing()),
        Mutant.of(
            "RST_STREAM is not looked at", H2 + "Inbound", "reset", Change.without("Streams.lose")),
        Mutant.of(
            "an upload behind its answer is not told that it is not wanted",
            H2 + "ServerStream",
            "endedOutput",
            Change.nothing()));
  }
}
