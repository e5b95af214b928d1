package dev.runnel.ws;

import dev.runnel.websocket.PayloadCodec;

/**
 * What both ends agreed on, as one of them has to keep it.
 *
 * @param header the member of {@code Sec-WebSocket-Extensions} that agrees to it
 * @param sendBits how far back what we send may refer, as a power of two
 * @param sendTakeover whether what we sent stays our dictionary
 * @param receiveTakeover whether what the peer sent stays its dictionary. How far back it refers is
 *     not asked: our window always has the full 32 KiB.
 */
record DeflateTerms(
    String header,
    int sendBits,
    boolean sendTakeover,
    boolean receiveTakeover,
    int level,
    int threshold) {
  /** Whether a compressor has something to keep; without references (8 bits) there is nothing. */
  boolean keepsCompressor() {
    return sendTakeover && sendBits > 8;
  }

  /** A codec for one session. */
  PayloadCodec codec() {
    return new DeflateCodec(this);
  }
}
