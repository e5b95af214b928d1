package dev.runnel.websocket;

/**
 * Whether bytes that come in pieces are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing
 * above U+10FFFF, and known at the first byte that cannot be.
 */
final class Utf8Check {
  private int missing;
  private int low = 0x80;
  private int high = 0xBF;

  /** Looks at the next bytes; false if they cannot be UTF-8 whatever follows. */
  boolean accept(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      int b = bytes[i];
      if (missing == 0 && b >= 0) {
        continue;
      }
      if (!accept(b & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  private boolean accept(int b) {
    if (missing == 0) {
      return begin(b);
    }
    if (b < low || b > high) {
      return false;
    }
    missing--;
    low = 0x80;
    high = 0xBF;
    return true;
  }

  private boolean begin(int b) {
    if (b < 0xC2 || b > 0xF4) {
      return false; // a continuation, an overlong form of ASCII, or above U+10FFFF
    }
    missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    switch (b) {
      case 0xE0 -> low = 0xA0; // below is overlong
      case 0xED -> high = 0x9F; // above are surrogates
      case 0xF0 -> low = 0x90; // below is overlong
      case 0xF4 -> high = 0x8F; // above is no character
      default -> {
        // any continuation may follow
      }
    }
    return true;
  }

  /** Whether no character is cut off. */
  boolean isComplete() {
    return missing == 0;
  }

  /** Ready for another text. */
  void reset() {
    missing = 0;
    low = 0x80;
    high = 0xBF;
  }
}
