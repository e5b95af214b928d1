package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;

import dev.runnel.engine.internal.syntax.Octets;

/** How lines end in HTTP/1.1, and how they must not (RFC 9112 2.2). */
final class LineEnds {
  /** What parsing gives when the bytes end before what is parsed. */
  static final int NEED_MORE = -1;

  private LineEnds() {}

  /**
   * Judges a byte that ends a part of a line too early.
   *
   * @param inLine what is broken when it is just some byte
   * @param atEnd what is broken when the line ends here
   * @return {@link #NEED_MORE} when that takes the byte behind it
   */
  static int stray(byte[] data, int at, int end, Violation inLine, Violation atEnd, String where)
      throws RejectedException {
    if (data[at] == LF) {
      throw new RejectedException(Violation.BARE_LF, where);
    }
    if (data[at] != CR) {
      throw new RejectedException(inLine, Octets.name(data[at]) + " " + where);
    }
    if (at + 1 == end) {
      return NEED_MORE;
    }
    throw new RejectedException(data[at + 1] == LF ? atEnd : Violation.BARE_CR, where);
  }
}
