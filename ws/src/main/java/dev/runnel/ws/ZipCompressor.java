package dev.runnel.ws;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;

/**
 * Compresses by java.util.zip: with the whole window, or with none. A window of 256 bytes (8 bits)
 * is what zlib cannot do without the header that we have to leave out: it would silently use 512.
 * Such a peer gets no references at all but Huffman codes only, which fit into any window.
 */
final class ZipCompressor implements Compressor {
  /** How many hold native memory. */
  static final AtomicInteger OPEN = new AtomicInteger();

  /** With less than 7 bytes of room zlib repeats the marker, says the manual of deflate(). */
  private static final int LEAST_ROOM = 64;

  private static final byte[] NOTHING = {};

  private final Kind kind;
  private final Deflater deflater;
  private boolean ended;

  ZipCompressor(Kind kind) {
    this.kind = kind;
    deflater = new Deflater(kind.level(), true);
    if (kind.windowBits() < 15) {
      deflater.setStrategy(Deflater.HUFFMAN_ONLY);
      // The call that makes a new strategy known does not flush; so it is made before any input.
      deflater.deflate(new byte[LEAST_ROOM]);
    }
    OPEN.incrementAndGet();
  }

  @Override
  public void compress(byte[] input, int offset, int length, Growing to) {
    deflater.setInput(input, offset, length);
    int room;
    int made;
    do {
      to.ensure(LEAST_ROOM);
      room = to.room();
      made = deflater.deflate(to.array, to.length, room, Deflater.SYNC_FLUSH);
      to.length += made;
    } while (made == room);
    deflater.setInput(NOTHING); // Keeps the message from being collected otherwise.
  }

  @Override
  public void reset() {
    deflater.reset();
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      deflater.end();
      OPEN.decrementAndGet();
    }
  }

  @Override
  public Kind kind() {
    return kind;
  }
}
