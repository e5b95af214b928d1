package dev.runnel.ws;

import com.jcraft.jzlib.Deflater;
import com.jcraft.jzlib.JZlib;

/**
 * Compresses by jzlib, for windows of 512 bytes to 16 KiB (9 to 14 bits).
 *
 * <p>jzlib 1.1.3 is a port of a zlib that has the fault of CVE-2018-25032: the output of a block
 * lies in front of the symbols that it is made from, in one array, and overwrites them when it
 * grows faster than they are read. It happens for blocks with many distant matches, which whoever
 * writes a message can bring about; what comes out is corrupt. So the input goes in by slices that
 * are so small that the output of a whole block ends before the first symbol: no byte of input
 * takes more than 9 bits (a literal in the fixed code; 3 bytes in a match take 24 at most), and a
 * block is never longer than it would be in the fixed code.
 */
final class JzlibCompressor implements Compressor {
  private static final int MEM_LEVEL = 8;
  private static final int LEAST_ROOM = 64;
  private static final byte[] NOTHING = {};

  /** Where the symbols begin in jzlib's array: 2^(MEM_LEVEL + 6). */
  private static final int SYMBOLS_AT = 1 << (MEM_LEVEL + 6);

  /** Nine bits for each byte, and some bytes for the frame of the block. */
  static final int SLICE = (SYMBOLS_AT - 64) * 8 / 9;

  private final Kind kind;
  private final Deflater deflater = new Deflater();

  JzlibCompressor(Kind kind) {
    this.kind = kind;
    int result = deflater.init(kind.level(), kind.windowBits(), MEM_LEVEL, JZlib.W_NONE);
    require(result == JZlib.Z_OK, "init", result);
  }

  @Override
  public void compress(byte[] input, int offset, int length, Growing to) {
    for (int from = 0; from < length; from += SLICE) {
      slice(input, offset + from, Math.min(SLICE, length - from), to);
    }
    letGo();
  }

  /** With room for all output jzlib never has to keep a part of it, which would go in front. */
  private void slice(byte[] input, int offset, int length, Growing to) {
    to.ensure(SYMBOLS_AT + LEAST_ROOM);
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
