package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.LineEnds.NEED_MORE;
import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.HeaderBlock;
import java.util.Arrays;

/**
 * Scratch of a parser: the field lines (RFC 9112 5) of a header or trailer section, as an index
 * into its bytes.
 */
final class FieldLines {
  private static final int USUAL_FIELDS = 32;

  private final int maximum;
  private int[] index;
  private int count;
  private int base;

  /** For at most so many lines. */
  FieldLines(int maximum) {
    this.maximum = maximum;
    this.index = new int[HeaderBlock.STRIDE * Math.min(maximum, USUAL_FIELDS)];
  }

  /** Begins a section; the index counts from this byte, which is its first or one before it. */
  void begin(int base) {
    this.base = base;
    this.count = 0;
  }

  /** From where the index counts. */
  int start() {
    return base;
  }

  int count() {
    return count;
  }

  int nameStart(int line) {
    return base + index[HeaderBlock.STRIDE * line];
  }

  int nameEnd(int line) {
    return base + index[HeaderBlock.STRIDE * line + 1];
  }

  int valueStart(int line) {
    return base + index[HeaderBlock.STRIDE * line + 2];
  }

  int valueEnd(int line) {
    return base + index[HeaderBlock.STRIDE * line + 3];
  }

  /**
   * Parses one line and adds it to the index.
   *
   * @param from its first byte, which must not be the CR of the empty line that ends the section
   * @return the index behind the line's LF, or {@link LineEnds#NEED_MORE}
   */
  int parse(byte[] data, int from, int end) throws RejectedException {
    if (count == maximum) {
      throw new RejectedException(Violation.TOO_MANY_FIELDS, "the limit is " + maximum);
    }
    int nameEnd = from;
    while (nameEnd < end && Octets.isToken(data[nameEnd])) {
      nameEnd++;
    }
    if (nameEnd == end) {
      return NEED_MORE;
    }
    if (data[nameEnd] != ':' || nameEnd == from) {
      return badName(data, from, nameEnd, end);
    }
    int valueStart = nameEnd + 1;
    while (valueStart < end && Octets.isSpace(data[valueStart])) {
      valueStart++;
    }
    int lineEnd = Octets.valueEnd(data, valueStart, end);
    if (lineEnd == end) {
      return NEED_MORE;
    }
    if (data[lineEnd] != CR || lineEnd + 1 == end || data[lineEnd + 1] != LF) {
      return LineEnds.stray(
          data,
          lineEnd,
          end,
          Violation.BAD_FIELD_VALUE,
          Violation.BARE_CR,
          "in " + where(data, from, nameEnd));
    }
    add(from, nameEnd, valueStart, trimmed(data, valueStart, lineEnd));
    return lineEnd + 2;
  }

  private static int trimmed(byte[] data, int from, int until) {
    int end = until;
    while (end > from && Octets.isSpace(data[end - 1])) {
      end--;
    }
    return end;
  }

  private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int at = HeaderBlock.STRIDE * count++;
    if (at == index.length) {
      index = Arrays.copyOf(index, 2 * at);
    }
    index[at] = nameStart - base;
    index[at + 1] = nameEnd - base;
    index[at + 2] = valueStart - base;
    index[at + 3] = valueEnd - base;
  }

  private int badName(byte[] data, int from, int nameEnd, int end) throws RejectedException {
    if (Octets.isSpace(data[nameEnd])) {
      throw new RejectedException(
          nameEnd == from ? Violation.OBS_FOLD : Violation.SPACE_IN_FIELD_NAME,
          where(data, from, nameEnd));
    }
    if (data[nameEnd] == ':') {
      throw new RejectedException(Violation.EMPTY_FIELD_NAME, where(data, from, nameEnd));
    }
    return LineEnds.stray(
        data,
        nameEnd,
        end,
        Violation.BAD_FIELD_NAME,
        Violation.FIELD_WITHOUT_COLON,
        "in " + where(data, from, nameEnd));
  }

  String name(byte[] data, int line) {
    return new String(data, nameStart(line), nameEnd(line) - nameStart(line), ISO_8859_1);
  }

  /** Names the line that starts here. */
  private String where(byte[] data, int from, int nameEnd) {
    String line = "field line " + (count + 1);
    return nameEnd == from ? line : line + ", " + Octets.quote(data, from, nameEnd);
  }

  /** Names a line that was parsed. */
  String where(byte[] data, int line) {
    return "field line " + (line + 1) + ", " + Octets.quote(data, nameStart(line), nameEnd(line));
  }

  /** The section over these bytes of its own. */
  HeaderBlock block(byte[] section) {
    return new HeaderBlock(section, Arrays.copyOf(index, HeaderBlock.STRIDE * count), count);
  }
}
