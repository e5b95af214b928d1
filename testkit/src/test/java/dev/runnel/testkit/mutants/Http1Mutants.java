package dev.runnel.testkit.mutants;

import java.util.List;

/** Bugs of: HTTP/1.1, and buffers and back-pressure of both versions. */
final class Http1Mutants {
  private static final String H1 = "engine.internal.h1.";
  private static final String H2 = "engine.internal.h2.";
  private static final String NETTY = "engine.internal.netty.";
  private static final String CALL = "engine.internal.exchange.";
  private static final String LINK = "engine.internal.link.";
  private static final String ABORT =
      "abort(Ldev/runnel/engine/CancelCause;"
          + "Ldev/runnel/engine/internal/exchange/Wire$CancelReason;)V";

  private Http1Mutants() {}

  static List<Mutant> http1() {
    return List.of(
        Mutant.of(
            "answers that were written outside of a read are never flushed",
            NETTY + "NettyLink",
            "flushLater",
            Change.nothing()),
        Mutant.of(
            "answers that were written within a read are not flushed at its end",
            NETTY + "NettyLink",
            "channelReadComplete",
            Change.without("NettyLink.flush")),
        Mutant.of(
            "Connection: close of the client is overlooked",
            H1 + "RequestHead",
            "persistent",
            Change.gives(1)),
        Mutant.of(
            "a last answer does not say that it is the last",
            H1 + "ResponseEncoder",
            "framing",
            Change.number(1, 1 << 7)),
        Mutant.of(
            "the connection closes behind each answer",
            H1 + "Http1Call",
            "keepsConnection",
            Change.gives(0)),
        Mutant.of(
            "Content-Length is one too many", H1 + "ResponseEncoder", "framing", Change.more(0, 1)),
        Mutant.of(
            "a streamed answer has no last chunk",
            H1 + "Http1Call",
            "end",
            Change.without("ResponseEncoder.lastChunk")),
        Mutant.of(
            "a chunk has no line end",
            H1 + "Http1Call",
            "data",
            Change.without("ResponseEncoder.chunkEnd")),
        Mutant.of(
            "HEAD is answered with a body", CALL + "ServerExchange", "isHead", Change.gives(0)),
        Mutant.of(
            "a pipelined request that came whole is not looked at",
            H1 + "Http1Connection",
            "idle",
            Change.without("Parking.size")),
        Mutant.of(
            "a pipelined request runs before the one in front is answered",
            H1 + "Http1Call",
            "isAnswered",
            Change.gives(1)),
        Mutant.of(
            "100 is never said to who waits for it",
            H1 + "Http1Call",
            "demand",
            Change.without("ResponseEncoder.informational")),
        Mutant.of(
            "the limit of a body is not kept",
            CALL + "CallPolicy",
            "refuseBeyond",
            Change.nothing()),
        Mutant.of(
            "an answer that failed in the middle is not broken off",
            CALL + "ServerExchange",
            ABORT,
            Change.without("Wire.abort")),
        Mutant.of(
            "a body that nobody read is taken for the next request",
            H1 + "Http1Connection",
            "skipRest",
            Change.nothing()));
  }

  static List<Mutant> buffers() {
    return List.of(
        Mutant.of(
            "the buffer of received bytes is released twice",
            LINK + "Parking",
            "clear",
            Change.twice("ByteBuf.release")),
        Mutant.of(
            "the buffer of received bytes is never released",
            LINK + "Parking",
            "clear",
            Change.without("ByteBuf.release")),
        Mutant.of(
            "a buffer that was read to its end is not released when the next comes",
            LINK + "Parking",
            "add",
            Change.without("ByteBuf.release")),
        Mutant.of(
            "what was written and can not be sent is not released",
            NETTY + "NettyLink",
            "dropBatch",
            Change.without("ByteBuf.release")),
        Mutant.of(
            "a writer on HTTP/2 is never held back",
            H2 + "Http2Stream",
            "isWritable",
            Change.gives(1)),
        Mutant.of(
            "a writer on HTTP/1.1 is never held back",
            NETTY + "NettyLink",
            "writable",
            Change.gives(1)),
        Mutant.of(
            "a client is not held back when nobody reads its body",
            H1 + "Http1Connection",
            "adjustReading",
            Change.without("Parking.size")),
        Mutant.of(
            "a client that was held back is never read again",
            H1 + "Http1Call",
            "readBody",
            Change.without("Http1Connection.adjustReading")),
        Mutant.of(
            "a writer that waits for room is woken at once",
            CALL + "OutboundBody",
            "onWritable",
            Change.answered("Wire.writable", 1)),
        Mutant.of(
            "a writer that waits for room on HTTP/1.1 is never woken",
            NETTY + "NettyLink",
            "becameWritable",
            Change.nothing()),
        Mutant.of(
            "a writer that waits for room on HTTP/2 is never woken",
            H2 + "Http2Stream",
            "turn",
            Change.without("Http2Stream.outputWritable")),
        Mutant.of(
            "a reader that waits for bytes is never woken",
            H1 + "Http1Call",
            "bytesCame",
            Change.without("InboundBody.ready")));
  }
}
