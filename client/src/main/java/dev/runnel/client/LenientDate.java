package dev.runnel.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates as servers write them: what looks like a time, a day, a month and a year, in whatever order
 * and dress (RFC 6265bis 5.1.1). The three forms of RFC 9110 5.6.7 are among these.
 */
final class LenientDate {
  private static final Pattern DELIMITERS = Pattern.compile("[\\t\\x20-/;-@\\[-`{-~]+");
  private static final Pattern TIME =
      Pattern.compile("(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\D.*)?", Pattern.DOTALL);
  private static final Pattern DAY = Pattern.compile("(\\d{1,2})(?:\\D.*)?", Pattern.DOTALL);
  private static final Pattern YEAR = Pattern.compile("(\\d{2,4})(?:\\D.*)?", Pattern.DOTALL);
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private @Nullable Matcher time;
  private int day = -1;
  private int month = -1;
  private int year = -1;

  private LenientDate() {}

  /** The date in a text, or null if there is none. */
  static @Nullable Instant parse(String text) {
    LenientDate date = new LenientDate();
    for (String token : DELIMITERS.split(text, -1)) {
      date.take(token);
    }
    return date.instant();
  }

  /** A token is the first thing it can be that was not found yet. */
  private void take(String token) {
    Matcher times = TIME.matcher(token);
    Matcher days = DAY.matcher(token);
    Matcher years = YEAR.matcher(token);
    if (time == null && times.matches()) {
      time = times;
    } else if (day < 0 && days.matches()) {
      day = Integer.parseInt(days.group(1));
    } else if (month < 0 && month(token) > 0) {
      month = month(token);
    } else if (year < 0 && years.matches()) {
      year = fullYear(Integer.parseInt(years.group(1)));
    }
  }

  private static int month(String token) {
    return token.length() < 3
        ? 0
        : MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
  }

  private static int fullYear(int year) {
    return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
  }

  private @Nullable Instant instant() {
    if (time == null || day < 0 || month < 0 || year < 1601) {
      return null;
    }
    try {
      return LocalDateTime.of(year, month, day, group(time, 1), group(time, 2), group(time, 3))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null; // The 30th of February: no date (step 6), and its field is left unread.
    }
  }

  private static int group(Matcher time, int index) {
    return Integer.parseInt(time.group(index));
  }
}
