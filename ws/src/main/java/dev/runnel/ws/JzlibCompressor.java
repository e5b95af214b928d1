package dev.runnel.ws;

import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.JZlib;

/**
 * Compresses by jzlib, for windows of 512 bytes to 16 KiB (9 to 14 bits).
 *
 * <p>jzlib 1.1.3 is a port of a zlib from before CVE-2018-25032: the output of a block lies in
 * front of the symbols that it is made from, in one array, and would overwrite them, and be
 * corrupt, if it grew faster than they are read. So the input goes in by slices that are so small
 * that the output of a whole block ends before the first symbol: in the fixed code no byte of input
 * takes more than 9 bits (a literal; the three bytes of the shortest match take 24 at most), and a
 * block is never longer than it would be in the fixed code. No input is known to us that needs
 * this, and none has to be looked for; it makes messages 1 to 2 % longer. Each slice finds room for
 * all its output, since what jzlib has to keep would also lie in front.
 */
final class JzlibCompressor implements Compressor {
  private static final int LEAST_ROOM = 64;
  private static final byte[] NOTHING = {};

  private final Kind kind;

  /** Where the symbols begin in jzlib's array, in bytes. */
  private final int symbolsAt;

  private final Deflater deflater = new Deflater();

  JzlibCompressor(Kind kind) {
    this.kind = kind;
    int memLevel = memLevel(kind.windowBits());
    symbolsAt = 1 << (memLevel + 6);
    int result = deflater.init(kind.level(), kind.windowBits(), memLevel, JZlib.W_NONE);
    require(result == JZlib.Z_OK, "init", result);
  }

  /**
   * How much memory is spent on hashes and symbols, 2^(level + 9) bytes: less where the window is
   * less, since who asks for a small one wants to save memory. 6 instead of 8 costs 2 % in length.
   */
  private static int memLevel(int windowBits) {
    return Math.max(6, windowBits - 6);
  }

  @Override
  public void compress(byte[] input, int offset, int length, Growing to) {
    // Nine bits for each byte, and the frames of the block and of the marker.
    int slice = (symbolsAt - LEAST_ROOM) * 8 / 9;
    for (int from = 0; from < length; from += slice) {
      slice(input, offset + from, Math.min(slice, length - from), to);
    }
    letGo();
  }

  private void slice(byte[] input, int offset, int length, Growing to) {
    to.ensure(symbolsAt + LEAST_ROOM);
    int room = to.room();
    deflater.setInput(input, offset, length, false);
    deflater.setOutput(to.array, to.length, room);
    int result = deflater.deflate(JZlib.Z_SYNC_FLUSH);
    int left = deflater.getAvailOut();
    require(result == JZlib.Z_OK && deflater.getAvailIn() == 0 && left > 0, "deflate", result);
    to.length += room - left;
  }

  /** jzlib shows no way to begin anew but to allocate anew; a full flush forgets as well. */
  @Override
  public void reset() {
    deflater.setInput(NOTHING, 0, 0, false);
    deflater.setOutput(new byte[LEAST_ROOM]);
    int result = deflater.deflate(JZlib.Z_FULL_FLUSH);
    // It has nothing to do where nothing came in since the last full flush.
    require(result == JZlib.Z_OK || result == JZlib.Z_BUF_ERROR, "reset", result);
    letGo();
  }

  /** Its arrays are on the heap. */
  @Override
  public void end() {
    letGo();
  }

  /** Keeps neither the message nor its output from being collected. */
  private void letGo() {
    deflater.setInput(NOTHING, 0, 0, false);
    deflater.setOutput(NOTHING);
  }

  @Override
  public Kind kind() {
    return kind;
  }

  private void require(boolean holds, String step, int result) {
    if (!holds) {
      throw new IllegalStateException(
          "jzlib failed in " + step + " with " + result + " (" + deflater.getMessage() + ")");
    }
  }
}
