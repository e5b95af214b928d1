package dev.runnel.http;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** IPv6 addresses as text (RFC 4291 2.2), written as RFC 5952 4 and WHATWG URL 3.5 do. */
final class Ipv6 {
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private Ipv6() {}

  /** The address in its one short form, or null if it is none. */
  static @Nullable String canonical(String text) {
    int[] groups = parse(text);
    return groups == null ? null : write(groups);
  }

  private static int @Nullable [] parse(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] all = groups(text, true);
      return all != null && all.length == 8 ? all : null;
    }
    int[] head = groups(text.substring(0, gap), false);
    int[] tail = groups(text.substring(gap + 2), true);
    if (head == null || tail == null || head.length + tail.length > 7) {
      return null;
    }
    int[] all = Arrays.copyOf(head, 8);
    System.arraycopy(tail, 0, all, 8 - tail.length, tail.length);
    return all;
  }

  private static int @Nullable [] groups(String text, boolean last) {
    if (text.isEmpty()) {
      return new int[0];
    }
    int colon = text.lastIndexOf(':');
    String end = text.substring(colon + 1);
    boolean ipv4 = last && UriHost.isIpv4(end);
    String hex = ipv4 ? text.substring(0, colon + 1) + hexOf(end) : text;
    String[] parts = hex.split(":", -1);
    int[] groups = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!GROUP.matcher(parts[i]).matches()) {
        return null;
      }
      groups[i] = Integer.parseInt(parts[i], 16);
    }
    return groups;
  }

  private static String hexOf(String ipv4) {
    int value = 0;
    for (String part : ipv4.split("\\.", -1)) {
      value = value << 8 | Integer.parseInt(part);
    }
    return Integer.toHexString(value >>> 16) + ':' + Integer.toHexString(value & 0xFFFF);
  }

  private static String write(int[] groups) {
    int gap = -1;
    int longest = 1; // A single group of zero is written out (RFC 5952 4.2.2).
    for (int i = 0; i < 8; i++) {
      int zeros = zerosFrom(groups, i);
      if (zeros > longest) {
        gap = i;
        longest = zeros;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == gap) {
        out.append("::");
        i += longest - 1;
      } else {
        out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":");
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }

  private static int zerosFrom(int[] groups, int from) {
    int i = from;
    while (i < groups.length && groups[i] == 0) {
      i++;
    }
    return i - from;
  }
}
