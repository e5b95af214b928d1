package dev.runnel.ws;

/** Makes raw DEFLATE data (RFC 1951) whose distances stay within a window. Belongs to a loop. */
interface Compressor {
  /** What each call of {@link #compress} ends with: the lengths of an empty stored block. */
  int MARKER = 4;

  /**
   * Appends the input, compressed, all of it, and an empty stored block, so that the output ends at
   * a byte and with 00 00 FF FF (RFC 7692 7.2.1).
   */
  void compress(byte[] input, int offset, int length, Growing to);

  /** Forgets all input; nothing that comes later refers to it. */
  void reset();

  /** Frees what it holds. */
  void end();

  /** For which level and window it was made. */
  Kind kind();

  /** What tells compressors apart. */
  record Kind(int level, int windowBits) {
    /**
     * A compressor of this kind. java.util.zip is native and fast but knows one window only; jzlib,
     * in Java, knows those from 512 bytes on.
     */
    Compressor open() {
      return windowBits >= 9 && windowBits <= 14
          ? new JzlibCompressor(this)
          : new ZipCompressor(this);
    }
  }
}
