package dev.runnel.client;

import dev.runnel.transport.ClientException;
import org.jspecify.annotations.Nullable;

/** What a decoded body may grow to. One for all codings of a body: what counts is what was sent. */
final class DecodingBudget {
  /** Below this no ratio counts: small pages of one byte repeated are honest. */
  static final long FREE = 1 << 20;

  private final long maxBytes;
  private final int maxRatio;
  private @Nullable DecodedReader innermost;
  private long sent;

  DecodingBudget(long maxBytes, int maxRatio) {
    this.maxBytes = maxBytes;
    this.maxRatio = maxRatio;
  }

  /** Bytes came in. Those of the first to say so are what was sent; it reads from the wire. */
  void received(DecodedReader by, int count) {
    if (innermost == null) {
      innermost = by;
    }
    if (innermost == by) {
      sent += count;
    }
  }

  void check(DecodedReader reader, long produced) {
    if (maxBytes > 0 && produced > maxBytes) {
      throw tooLarge(
          reader, produced, "the cap is " + maxBytes + " bytes (ContentDecoding.withMaxBytes)");
    }
    if (maxRatio > 0 && produced > FREE && produced / maxRatio >= sent) {
      throw tooLarge(
          reader, produced, "the cap is " + maxRatio + " to 1 (ContentDecoding.withMaxRatio)");
    }
  }

  private ClientException tooLarge(DecodedReader reader, long produced, String cap) {
    return new ClientException(
        ClientException.Reason.CONTENT_DECODING,
        "the body, decoded from "
            + reader.coding()
            + ", is "
            + produced
            + " bytes or more after "
            + sent
            + " that were sent; "
            + cap);
  }
}
