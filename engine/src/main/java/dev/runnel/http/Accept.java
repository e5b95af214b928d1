package dev.runnel.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client likes to get (RFC 9110 12.5.1): the ranges of all its Accept fields with their
 * weights.
 */
final class Accept {
  private static final MediaType ANY_TYPE = MediaType.parse("*/*");
  private static final Accept ANYTHING = new Accept(List.of(new Range(ANY_TYPE, 1)));

  private final List<Range> ranges;

  private Accept(List<Range> ranges) {
    this.ranges = ranges;
  }

  static Accept of(Headers headers) {
    int field = headers.indexOf(HeaderNames.ACCEPT, 0);
    if (field < 0) {
      return ANYTHING;
    }
    List<Range> ranges = new ArrayList<>(8);
    for (; field >= 0; field = headers.indexOf(HeaderNames.ACCEPT, field + 1)) {
      addMembers(headers.value(field), ranges);
    }
    return ranges.isEmpty() ? ANYTHING : new Accept(ranges);
  }

  /** The weight of the most specific range that the type lies in; of equal ones the highest. */
  double quality(MediaType offered) {
    int closest = -1;
    double weight = 0;
    for (Range range : ranges) {
      int specificity = range.type.specificity();
      boolean counts = specificity > closest || (specificity == closest && range.weight > weight);
      if (counts && offered.matches(range.type)) {
        closest = specificity;
        weight = range.weight;
      }
    }
    return weight;
  }

  private static void addMembers(String list, List<Range> into) {
    for (int from = 0; from < list.length(); ) {
      int until = endOfMember(list, from);
      Range range = range(list.substring(from, until).strip());
      if (range != null) {
        into.add(range);
      }
      from = until + 1;
    }
  }

  /** The next comma that stands outside of quotes, or the end of the list. */
  private static int endOfMember(String list, int from) {
    boolean quoted = false;
    for (int i = from; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ',' && !quoted) {
        return i;
      }
    }
    return list.length();
  }

  private static @Nullable Range range(String member) {
    // Java's HttpURLConnection asks for "text/html, *; q=.2, */*; q=.2": both forms are wrong, and
    // both are everywhere.
    boolean star = member.equals("*") || member.startsWith("*;");
    MediaType type = new MediaTypeParser(star ? "*/" + member : member).parse();
    if (type == null) {
      return null;
    }
    String q = type.parameter("q");
    double weight = q == null ? 1 : weight(q);
    return weight < 0 ? null : new Range(type, weight);
  }

  /** A qvalue (RFC 9110 12.4.2): 0 to 1 with up to three decimals; -1 if it is none. */
  private static double weight(String text) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String decimals = point < 0 ? "" : text.substring(point + 1);
    boolean empty = whole.isEmpty() && decimals.isEmpty();
    if (empty || decimals.length() > 3 || !decimals.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int thousandths = Integer.parseInt((decimals + "000").substring(0, 3));
    return switch (whole) {
      case "", "0" -> thousandths / 1000.0;
      case "1" -> thousandths == 0 ? 1 : -1;
      default -> -1;
    };
  }

  private record Range(MediaType type, double weight) {}
}
