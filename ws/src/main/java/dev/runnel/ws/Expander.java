package dev.runnel.ws;

import dev.runnel.websocket.PayloadCodec.Sink;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Expands raw DEFLATE data (RFC 1951) as RFC 7692 7.2.2 has it. Its window has 32 KiB, which is
 * enough for whatever window the peer uses. Belongs to a loop.
 */
final class Expander {
  /** How many hold native memory. */
  static final AtomicInteger OPEN = new AtomicInteger();

  /** What the sender left out at the end of the message. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  /** An empty block with the bit of the last one. */
  private static final byte[] LAST_BLOCK = {3, 0};

  private static final byte[] NOTHING = {};

  private final Inflater inflater = new Inflater(true);

  /** Whether nothing was put in since the end of a message or of a block marked as the last. */
  private boolean atStart = true;

  private boolean ended;

  Expander() {
    OPEN.incrementAndGet();
  }

  /**
   * Expands a part of a message.
   *
   * <p>After a block that is marked as the last one more blocks may follow (RFC 7692 7.2.1: "the
   * next DEFLATE block follows the padded data if any"). They are read as data of their own, since
   * RFC 1951 ends the data there, and what they could refer to with it.
   */
  void expand(byte[] input, int offset, int length, byte[] buffer, Sink to)
      throws DataFormatException {
    inflater.setInput(input, offset, length);
    try {
      while (inflater.getRemaining() > 0) {
        atStart = false;
        drain(buffer, to);
        if (inflater.finished()) {
          int left = inflater.getRemaining();
          inflater.reset();
          inflater.setInput(input, offset + length - left, left);
          atStart = true;
        }
      }
    } finally {
      inflater.setInput(NOTHING); // Keeps the message from being collected otherwise.
    }
  }

  /** Gives all that the input stands for, as far as it was put in. */
  private void drain(byte[] buffer, Sink to) throws DataFormatException {
    int made;
    do {
      made = inflater.inflate(buffer);
      if (made > 0) {
        to.accept(buffer, 0, made);
      }
    } while (made == buffer.length && !inflater.finished());
    // All input is taken, or the data ended; else zlib waits for what only its own header can
    // announce, and our data has none.
    if (inflater.getRemaining() > 0 && !inflater.finished()) {
      throw new DataFormatException("a preset dictionary is needed");
    }
  }

  /**
   * Ends a message whose peer keeps its window. A payload that is cut off is not noticed here, but
   * by what the next message makes of it: to try it would cost the window.
   */
  void endMessage(byte[] buffer, Sink to) throws DataFormatException {
    // Where nothing began there is nothing to end: a message without payload, or one whose last
    // block is marked as such and lacks the byte behind it (RFC 7692 7.2.3.4). Others accept both.
    if (!atStart) {
      expand(TAIL, 0, TAIL.length, buffer, to);
    }
    atStart = true;
  }

  /** Ends a message and all that it could refer to. */
  void endStream(byte[] buffer, Sink to) throws DataFormatException {
    boolean began = !atStart;
    endMessage(buffer, to);
    // The tail ends a block. If it does not, a block is not all there.
    if (began && !isComplete(buffer)) {
      throw new DataFormatException("the message ends in the middle of a block");
    }
  }

  private boolean isComplete(byte[] buffer) {
    try {
      inflater.setInput(LAST_BLOCK);
      int made = inflater.inflate(buffer);
      return made == 0 && inflater.finished() && inflater.getRemaining() == 0;
    } catch (DataFormatException e) {
      return false; // As a part of another block it makes no sense.
    }
  }

  /** Forgets all input; nothing that comes later may refer to it. */
  void reset() {
    inflater.reset();
    atStart = true;
  }

  /** Frees what it holds. */
  void end() {
    if (!ended) {
      ended = true;
      inflater.end();
      OPEN.decrementAndGet();
    }
  }
}
