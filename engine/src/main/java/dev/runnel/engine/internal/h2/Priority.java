package dev.runnel.engine.internal.h2;

/**
 * What the client wants first (RFC 9218 4): urgency from 0, the highest, to 7, and whether parts of
 * an answer are of use. As one number, the urgency in the low bits.
 */
final class Priority {
  static final int URGENCIES = 8;
  static final int DEFAULT = 3;

  /** No value that means something is longer, and each request may bring one. */
  static final int LONGEST = 64;

  private static final int INCREMENTAL = 1 << 3;

  private Priority() {}

  static int urgency(int priority) {
    return priority & 7;
  }

  static boolean isIncremental(int priority) {
    return (priority & INCREMENTAL) != 0;
  }

  /**
   * Reads a field value such as {@code u=2, i}. What is malformed or unknown is as if it were not
   * there (RFC 9218 4), and so is what stands behind {@value #LONGEST} characters.
   */
  static int parse(String value) {
    String read = value.substring(0, Math.min(LONGEST, value.length()));
    int priority = DEFAULT;
    for (int from = 0; from < read.length(); ) {
      int comma = read.indexOf(',', from);
      int until = comma < 0 ? read.length() : comma;
      priority = with(read.substring(from, until).strip(), priority);
      from = until + 1;
    }
    return priority;
  }

  /** With a member of the dictionary; its parameters mean nothing. */
  private static int with(String member, int priority) {
    int semicolon = member.indexOf(';');
    String said = semicolon < 0 ? member : member.substring(0, semicolon);
    return switch (said) {
      case "i", "i=?1" -> priority | INCREMENTAL;
      case "i=?0" -> priority & ~INCREMENTAL;
      case "u=0", "u=1", "u=2", "u=3", "u=4", "u=5", "u=6", "u=7" ->
          (priority & INCREMENTAL) | (said.charAt(2) - '0');
      default -> priority;
    };
  }
}
