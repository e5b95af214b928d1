package dev.runnel.engine.internal.h2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What a client says first (RFC 9113 3.4). */
final class Preface {
  static final byte[] BYTES =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private Preface() {}

  /**
   * Takes it from received bytes; whether it was whole.
   *
   * @throws Http2Error of the connection, if it is something else
   */
  static boolean taken(ByteBuf in) throws Http2Error {
    int there = Math.min(in.readableBytes(), BYTES.length);
    for (int i = 0; i < there; i++) {
      if (in.getByte(in.readerIndex() + i) != BYTES[i]) {
        throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "no preface of HTTP/2");
      }
    }
    if (there < BYTES.length) {
      return false;
    }
    in.skipBytes(there);
    return true;
  }
}
