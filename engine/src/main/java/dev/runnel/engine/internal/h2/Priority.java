package dev.runnel.engine.internal.h2;

/**
 * What the client wants first (RFC 9218 4): urgency from 0, the highest, to 7, and whether parts of
 * an answer are of use. As one number, the urgency in the low bits.
 */
final class Priority {
  static final int URGENCIES = 8;
  static final int DEFAULT = 3;

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
   * there (RFC 9218 4).
   */
  static int parse(String value) {
    int urgency = DEFAULT;
    boolean incremental = false;
    for (int from = 0; from <= value.length(); ) {
      int comma = value.indexOf(',', from);
      int until = comma < 0 ? value.length() : comma;
      String member = value.substring(from, until).strip();
      if (member.matches("u=[0-7](;.*)?")) {
        urgency = member.charAt(2) - '0';
      } else if (member.matches("i(=\\?[01])?(;.*)?")) {
        incremental = !member.startsWith("i=?0");
      }
      from = until + 1;
    }
    return urgency | (incremental ? INCREMENTAL : 0);
  }
}
