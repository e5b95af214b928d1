package dev.runnel.engine.internal.syntax;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Which octets may stand where, and the few ways of looking at many of them at once. */
public final class Octets {
  /** Carriage return. */
  public static final byte CR = '\r';

  /** Line feed. */
  public static final byte LF = '\n';

  /** Space. */
  public static final byte SP = ' ';

  /** Horizontal tab. */
  public static final byte HTAB = '\t';

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private static final String ALPHA_DIGIT =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final boolean[] TOKEN = table(ALPHA_DIGIT + "!#$%&'*+-.^_`|~");

  private Octets() {}

  /** A table that holds for these characters only. */
  public static boolean[] table(String members) {
    boolean[] table = new boolean[256];
    for (byte b : members.getBytes(ISO_8859_1)) {
      table[b & 0xFF] = true;
    }
    return table;
  }

  /** RFC 9110 5.6.2. */
  public static boolean isToken(byte b) {
    return TOKEN[b & 0xFF];
  }

  /** Space or tab. */
  public static boolean isSpace(byte b) {
    return b == SP || b == HTAB;
  }

  /** 0 to 9. */
  public static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** The value of a hexadecimal digit, or -1. */
  public static int hex(byte b) {
    if (isDigit(b)) {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** Eight bytes as one number, the first in the highest place. */
  public static long eight(byte[] data, int at) {
    return (long) LONG.get(data, at);
  }

  /**
   * The first index from one on where no field value byte stands (CR, LF, other controls), or the
   * end.
   */
  public static int valueEnd(byte[] data, int from, int end) {
    int i = from;
    while (true) {
      // Eight at a time: user agents and cookies are long. A tab stops the fast loop, and the slow
      // one steps over it.
      while (i + 8 <= end && !hasControl(eight(data, i))) {
        i += 8;
      }
      int stop = Math.min(i + 8, end);
      while (i < stop && isValue(data[i])) {
        i++;
      }
      if (i < stop || i == end) {
        return i;
      }
    }
  }

  /** Whether one of eight bytes is below 0x20 or is 0x7F. */
  private static boolean hasControl(long word) {
    long below = (word - ONES * 0x20) & ~word;
    long delete = word ^ (ONES * 0x7F);
    return ((below | ((delete - ONES) & ~delete)) & HIGHS) != 0;
  }

  private static boolean isValue(byte b) {
    return (b >= 0x20 && b != 0x7F) || b < 0 || b == HTAB;
  }

  /**
   * Whether the bytes from an index on spell a text of lower-case token characters, in any case.
   */
  public static boolean spells(String lower, byte[] data, int from) {
    for (int i = 0; i < lower.length(); i++) {
      if ((data[from + i] | 0x20) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether these bytes, all of them, spell a text of lower-case token characters, in any case. */
  public static boolean spells(String lower, byte[] data, int from, int until) {
    return until - from == lower.length() && spells(lower, data, from);
  }

  /** A byte as a reader of logs knows it. */
  public static String name(byte b) {
    return b > 0x20 && b < 0x7F ? "'" + (char) b + "'" : String.format("0x%02X", b & 0xFF);
  }

  /** These bytes as printable ASCII, cut at 40. */
  public static String quote(byte[] data, int from, int until) {
    StringBuilder out = new StringBuilder("'");
    for (int i = from; i < Math.min(until, from + 40); i++) {
      out.append(data[i] >= 0x20 && data[i] < 0x7F ? (char) data[i] : '?');
    }
    return out.append(until - from > 40 ? "...'" : "'").toString();
  }
}
