package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;

import dev.runnel.engine.Limits;
import dev.runnel.http.HeaderBlock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What parsing heads has in common at both ends: the header section, the limits, and when it pays
 * to look again. One serves a whole loop: between two calls it remembers nothing about a
 * connection.
 *
 * <p>The verdict is a function of the bytes alone, never of how they were split: an incomplete head
 * is parsed again from its start, every byte is judged from left to right, and what is judged never
 * changes by what follows.
 *
 * @param <H> the heads
 */
abstract class HeadParser<H> {
  /** The head is not whole yet. */
  public static final int NEED_MORE = LineEnds.NEED_MORE;

  final Limits limits;
  final FieldLines lines;
  private final Violation lineTooLong;
  private @Nullable H head;
  private byte @Nullable [] received;
  int patience;

  HeadParser(Limits limits, FieldLines lines, Violation lineTooLong) {
    this.limits = limits;
    this.lines = lines;
    this.lineTooLong = lineTooLong;
  }

  /**
   * Parses the head that starts at an index.
   *
   * @param data received bytes; they are copied, so the array may be used again
   * @param until where the received bytes end
   * @return the index behind the head, or {@link #NEED_MORE}
   * @throws RejectedException if the head breaks a rule already, be it whole or not
   */
  public int parse(byte[] data, int from, int until) throws RejectedException {
    head = null;
    received = null;
    int start = begin(data, from, until);
    if (start == NEED_MORE) {
      patience = 2;
      return NEED_MORE;
    }
    int lineLimit = start + limits.requestLine() + 2;
    int at = line(data, start, Math.min(until, lineLimit));
    if (at == NEED_MORE) {
      if (until > lineLimit) {
        throw new RejectedException(lineTooLong, "the limit is " + limits.requestLine());
      }
      patience = lineLimit - from;
      return NEED_MORE;
    }
    lines.begin(start);
    return section(data, from, at, until);
  }

  /** Where the first line starts, or {@link #NEED_MORE}. */
  abstract int begin(byte[] data, int from, int until) throws RejectedException;

  /** Parses the first line; gives the index behind its LF, or {@link #NEED_MORE}. */
  abstract int line(byte[] data, int from, int end) throws RejectedException;

  /** A header section begins. */
  abstract void beginFields();

  /** A field line was parsed. */
  abstract void see(byte[] data, int line) throws RejectedException;

  /** The head is whole: what its fields say together is judged. */
  abstract void check(byte[] data) throws RejectedException;

  /** The head, of what was parsed. */
  abstract H make(byte[] data, HeaderBlock headers);

  /** The head that was just parsed. */
  public H head() {
    if (head == null) {
      throw new IllegalStateException("no head was parsed");
    }
    return head;
  }

  /**
   * The bytes of the head that was just parsed, without the empty line that ended it: its own, for
   * reading only.
   */
  byte[] received() {
    if (received == null) {
      throw new IllegalStateException("no head was parsed");
    }
    return received;
  }

  /**
   * After {@link #NEED_MORE}: how many bytes of this head may stand there without any other line
   * end.
   */
  public int patience() {
    return patience;
  }

  /**
   * Whether it pays to parse an incomplete head again: a line was ended, or a limit is passed.
   *
   * @param from where the head starts
   * @param scanned the first byte that was not there when the head was parsed last
   * @param until where the received bytes end
   * @param patience what {@link #patience()} gave then
   */
  public static boolean worthParsing(byte[] data, int from, int scanned, int until, int patience) {
    if (until - from > patience) {
      return true;
    }
    for (int i = scanned; i < until; i++) {
      if (data[i] == LF) {
        return true;
      }
    }
    return false;
  }

  private int section(byte[] data, int from, int sectionStart, int until) throws RejectedException {
    int sectionLimit = sectionStart + limits.headerSection();
    int end = Math.min(until, sectionLimit);
    beginFields();
    int at = sectionStart;
    while (at < until && data[at] != CR) {
      at = lines.parse(data, at, end);
      if (at == NEED_MORE) {
        return unfinished(from, sectionLimit, until);
      }
      see(data, lines.count() - 1);
    }
    if (at + 1 >= until) {
      return unfinished(from, Math.max(sectionLimit, until), until);
    }
    if (data[at + 1] != LF) {
      throw new RejectedException(Violation.BARE_CR, "behind the header section");
    }
    check(data);
    byte[] own = Arrays.copyOfRange(data, lines.start(), at);
    received = own;
    head = make(data, lines.block(own));
    return at + 2;
  }

  private int unfinished(int from, int sectionLimit, int until) throws RejectedException {
    if (until > sectionLimit) {
      throw new RejectedException(
          Violation.HEADERS_TOO_LARGE, "the limit is " + limits.headerSection());
    }
    patience = sectionLimit - from;
    return NEED_MORE;
  }
}
