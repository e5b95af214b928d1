package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.link.LoopScratch;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds heads in what was received. The bytes are copied into the loop's scratch array once for a
 * whole batch of pipelined messages, because parsing an array is much cheaper than parsing a direct
 * buffer.
 *
 * @param <H> the heads
 */
final class HeadReader<H> {
  private final HeadParser<H> parser;
  private final LoopScratch scratch;
  private final @Nullable RecentHeads<H> recent;
  private final int number;
  // The part of the buffer that stands in the scratch array, while the claim holds.
  private long claim = -1;
  private int mirrorStart;
  private int mirrorEnd;
  // Of a head that is not whole: bytes that were judged, and how many may come without a line end.
  private int judged;
  private int patience;

  HeadReader(HeadParser<H> parser, LoopScratch scratch) {
    this(parser, scratch, null);
  }

  /** One that takes the heads of those who say the same again from there. */
  HeadReader(HeadParser<H> parser, LoopScratch scratch, @Nullable RecentHeads<H> recent) {
    this.parser = parser;
    this.scratch = scratch;
    this.recent = recent;
    this.number = recent == null ? 0 : recent.newReader();
  }

  /** There is nothing more to be read; what a head may tell is not kept any longer. */
  void close() {
    if (recent != null) {
      recent.forget(number);
    }
  }

  /** The buffer was replaced or its bytes moved. */
  void bufferChanged() {
    claim = -1;
  }

  /** Whether a head has begun that is not whole. */
  boolean isPartial() {
    return judged > 0;
  }

  /** Nothing more comes: what is there is judged, whether that pays or not. */
  void judgeAll() {
    patience = -1;
  }

  /** The next head, taken from the buffer; null when it is not whole. */
  @Nullable H next(ByteBuf in) throws RejectedException {
    boolean fresh = mirror(in);
    H head = parse(in);
    if (head == null && !fresh && mirrorEnd < in.writerIndex()) {
      // It was cut off by the end of the mirror, not of the buffer.
      copy(in);
      head = parse(in);
    }
    return head;
  }

  private boolean mirror(ByteBuf in) {
    if (claim >= 0 && scratch.isClaimed(claim) && in.readerIndex() < mirrorEnd) {
      return false;
    }
    copy(in);
    return true;
  }

  private void copy(ByteBuf in) {
    byte[] data = scratch.input();
    int count = Math.min(in.readableBytes(), data.length);
    mirrorStart = in.readerIndex();
    mirrorEnd = mirrorStart + count;
    in.getBytes(mirrorStart, data, 0, count);
    claim = scratch.claim();
  }

  private @Nullable H parse(ByteBuf in) throws RejectedException {
    byte[] data = scratch.input();
    int from = in.readerIndex() - mirrorStart;
    int until = mirrorEnd - mirrorStart;
    if (judged > 0 && !HeadParser.worthParsing(data, from, from + judged, until, patience)) {
      judged = until - from;
      return null;
    }
    H same = recent == null ? null : recent.find(number, data, from, until);
    if (same != null) {
      judged = 0;
      in.readerIndex(mirrorStart + from + recent.length(number));
      return same;
    }
    int end = parser.parse(data, from, until);
    if (end == HeadParser.NEED_MORE) {
      judged = until - from;
      patience = parser.patience();
      return null;
    }
    judged = 0;
    in.readerIndex(mirrorStart + end);
    return taken();
  }

  private H taken() {
    H head = parser.head();
    if (recent != null) {
      recent.keep(number, parser.received(), head);
    }
    return head;
  }
}
