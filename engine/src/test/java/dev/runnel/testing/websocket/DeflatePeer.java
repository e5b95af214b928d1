package dev.runnel.testing.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The client's end of permessage-deflate (RFC 7692), by java.util.zip. Messages that it compresses
 * fit any window of the server's inflater if it is told to use no back references.
 */
public final class DeflatePeer implements AutoCloseable {
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final Inflater inflater = new Inflater(true);
  private final boolean clientTakesOver;
  private final boolean serverTakesOver;

  /**
   * @param clientTakesOver whether what we compress refers to our earlier messages
   * @param serverTakesOver whether what the server compresses may refer to its earlier ones
   */
  public DeflatePeer(boolean clientTakesOver, boolean serverTakesOver) {
    this.clientTakesOver = clientTakesOver;
    this.serverTakesOver = serverTakesOver;
  }

  /** From now on without back references, which no window is too small for. */
  public DeflatePeer literally() {
    deflater.setStrategy(Deflater.HUFFMAN_ONLY);
    return this;
  }

  /** The payload of a compressed message (RFC 7692 7.2.1). */
  public byte[] compress(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[8 << 10];
    deflater.setInput(message);
    int count;
    do {
      count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
      out.write(piece, 0, count);
    } while (count == piece.length);
    if (!clientTakesOver) {
      deflater.reset();
    }
    byte[] whole = out.toByteArray();
    if (whole.length == 0) {
      return new byte[1]; // RFC 7692 7.2.3.6: nothing to flush the second time
    }
    int end = whole.length - TAIL.length;
    if (!Arrays.equals(whole, end, whole.length, TAIL, 0, TAIL.length)) {
      throw new IllegalStateException("a flush that does not end with 00 00 ff ff");
    }
    return Arrays.copyOf(whole, end);
  }

  /** What the payload of a compressed message stands for (RFC 7692 7.2.2). */
  public byte[] expand(byte[] payload) {
    if (!serverTakesOver) {
      inflater.reset();
    }
    byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
    System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
    inflater.setInput(input);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[8 << 10];
    try {
      for (int count = inflater.inflate(piece); count > 0; count = inflater.inflate(piece)) {
        out.write(piece, 0, count);
      }
    } catch (DataFormatException e) {
      throw new AssertionError("the server sent a message that cannot be inflated", e);
    }
    if (inflater.needsDictionary() || inflater.getRemaining() > 0) {
      throw new AssertionError("the server sent a message with a rest behind its last block");
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    deflater.end();
    inflater.end();
  }
}
