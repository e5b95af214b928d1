package dev.runnel.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The types a parameter can have, in order of precedence: where two match the same text, the
 * narrower comes first.
 */
enum ParamType {
  /** A decimal that fits 32 bits, with an optional minus. */
  INT("-?\\d{1,10}") {
    @Override
    boolean matches(String text, int from, int until) {
      return isNumber(text, from, until, 10, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  },
  /** A decimal that fits 64 bits, with an optional minus. */
  LONG("-?\\d{1,19}") {
    @Override
    boolean matches(String text, int from, int until) {
      return isNumber(text, from, until, 19, Long.MIN_VALUE, Long.MAX_VALUE);
    }
  },
  /** Five groups of hexadecimal digits (RFC 9562), in either case. */
  UUID("[\\da-fA-F]{8}(-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}") {
    @Override
    boolean matches(String text, int from, int until) {
      return until - from == 36 && isUuid(text, from);
    }
  },
  /** Letters of ASCII. */
  ALPHA("[a-zA-Z]+") {
    @Override
    boolean matches(String text, int from, int until) {
      return allLetters(text, from, until, false);
    }
  },
  /** Letters and digits of ASCII. */
  ALNUM("[a-zA-Z\\d]+") {
    @Override
    boolean matches(String text, int from, int until) {
      return allLetters(text, from, until, true);
    }
  };

  private final String regex;

  ParamType(String regex) {
    this.regex = regex;
  }

  abstract boolean matches(String text, int from, int until);

  /** At least what the type matches; ranges of numbers are left out. */
  String regex() {
    return regex;
  }

  /** As written in a pattern. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable ParamType of(String label) {
    for (ParamType type : values()) {
      if (type.label().equals(label)) {
        return type;
      }
    }
    return null;
  }

  private static boolean isNumber(
      String text, int from, int until, int digits, long min, long max) {
    int start = text.charAt(from) == '-' ? from + 1 : from;
    if (start == until || until - start > digits) {
      return false;
    }
    // Summed up below zero, where there is one more value than above it.
    long value = 0;
    for (int i = start; i < until; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
        return false;
      }
      value = value * 10 - digit;
    }
    return start > from ? value >= min : value >= -max;
  }

  private static boolean isUuid(String text, int from) {
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(from + i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : c > 'f' || Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean allLetters(String text, int from, int until, boolean orDigits) {
    for (int i = from; i < until; i++) {
      char c = text.charAt(i);
      int lower = c | 0x20;
      boolean letter = lower >= 'a' && lower <= 'z';
      if (!letter && !(orDigits && c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }
}
