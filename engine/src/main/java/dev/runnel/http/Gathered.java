package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pieces of a body that is held as a whole. Small ones are copied together: a peer may send
 * chunks of a byte each, and an object for each of them takes fifty times what a limit counts.
 */
final class Gathered {
  /** From here on a piece is more than what it takes to keep it. */
  private static final int LARGE = 1 << 10;

  private static final int FIRST = 256;
  private static final int FULL = 64 << 10;
  private static final byte[] NONE = new byte[0];

  private final List<Bytes> pieces = new ArrayList<>(2);
  private byte[] small = NONE;
  private int used;

  void add(Bytes piece) {
    int length = piece.length();
    if (length >= LARGE) {
      closeSmall();
      pieces.add(piece);
    } else {
      makeRoom(length);
      piece.copyTo(small, used);
      used += length;
    }
  }

  private void makeRoom(int length) {
    if (used + length > FULL) {
      closeSmall();
    }
    if (used + length > small.length) {
      int size = Math.max(used + length, Math.max(FIRST, 2 * small.length));
      small = Arrays.copyOf(small, Math.min(FULL, size));
    }
  }

  private void closeSmall() {
    if (used > 0) {
      boolean full = used == small.length;
      pieces.add(Bytes.Unsafe.wrap(full ? small : Arrays.copyOf(small, used)));
      small = NONE;
      used = 0;
    }
  }

  /** How many objects hold it. */
  int objects() {
    return pieces.size() + (used > 0 ? 1 : 0);
  }

  /** All of it; nothing is to be added any more. */
  Bytes whole() {
    closeSmall();
    return pieces.size() == 1 ? pieces.get(0) : Bytes.concat(pieces);
  }

  /** All of it in an array that nobody else has; nothing is to be added any more. */
  byte[] array() {
    closeSmall();
    return Bytes.Unsafe.array(Bytes.concat(pieces));
  }
}
