package dev.runnel.http;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host of a URL in the one form that it is compared, resolved and sent in. Stricter than RFC
 * 3986 3.2.2: whatever two readers could take for two hosts is refused. So percent sequences and
 * the punctuation that no name in DNS has are refused, and so are numbers that some resolvers read
 * as addresses ({@code 127.1}, {@code 0x7f000001}).
 */
final class UriHost {
  /** RFC 1035 2.3.4, without the dots of the wire form. */
  private static final int MAX_NAME = 253;

  private static final int MAX_LABEL = 63;

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  /** What WHATWG URL 3.5 takes for an address, however it is written. */
  private static final Pattern ENDS_IN_NUMBER =
      Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)\\.?");

  private final String text;
  private final int from;
  private final int until;

  private UriHost(String text, int from, int until) {
    this.text = text;
    this.from = from;
    this.until = until;
  }

  /** The host that stands between two indices, in its canonical form. */
  static String read(String text, int from, int until) {
    if (from == until) {
      throw UriFlaw.from(text, from, "it has no host");
    }
    UriHost host = new UriHost(text, from, until);
    return text.charAt(from) == '[' ? host.literal() : host.name();
  }

  /** Whether a canonical host is an address. */
  static boolean isAddress(String host) {
    return host.startsWith("[") || isIpv4(host);
  }

  static boolean isIpv4(String host) {
    return IPV4.matcher(host).matches();
  }

  private String literal() {
    if (text.charAt(until - 1) != ']') {
      throw UriFlaw.at(text, from, "starts an address that ']' must end");
    }
    int zone = text.indexOf('%', from);
    if (zone >= 0 && zone < until) {
      throw UriFlaw.at(text, zone, "starts a zone, which means nothing to another machine");
    }
    String address = Ipv6.canonical(text.substring(from + 1, until - 1));
    if (address == null) {
      throw UriFlaw.at(text, from, "does not start an IPv6 address (RFC 4291 2.2)");
    }
    return '[' + address + ']';
  }

  private String name() {
    String raw = text.substring(from, until);
    boolean ascii = raw.chars().allMatch(c -> c < 128);
    String name = (ascii ? raw : toAscii()).toLowerCase(Locale.ROOT);
    for (int i = 0; i < name.length(); i++) {
      if (!isNameChar(name.charAt(i))) {
        throw ascii
            ? UriFlaw.at(text, from + i, "cannot stand in a host")
            : UriFlaw.from(text, from, "its host means " + Tokens.quote(name) + ", which is none");
      }
    }
    checkLabels(name);
    if (ENDS_IN_NUMBER.matcher(name).matches() && !isIpv4(name)) {
      throw UriFlaw.from(text, from, "its host is a number, but no IPv4 address of four decimals");
    }
    return name;
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  }

  private void checkLabels(String name) {
    // One dot at the end says that the name is whole (RFC 3986 3.2.2).
    String whole = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (whole.length() > MAX_NAME) {
      throw UriFlaw.from(text, from, "its host is longer than 253 characters (RFC 1035 2.3.4)");
    }
    for (String label : whole.split("\\.", -1)) {
      if (label.isEmpty() || label.length() > MAX_LABEL) {
        throw UriFlaw.from(
            text, from, "each label of its host must have 1 to 63 characters (RFC 1035 2.3.4)");
      }
    }
  }

  /**
   * The name in its xn-- form. The JDK has the IDNA of 2003, browsers the one of 2008 by UTS 46:
   * where they differ on a letter, following the JDK would call another host, so it is refused.
   */
  private String toAscii() {
    StringBuilder folded = new StringBuilder();
    for (int i = from; i < until; ) {
      // By character, since a capital sigma at the end of a word becomes another letter in a text.
      int c = Character.toLowerCase(text.codePointAt(i));
      if (isDeviation(c)) {
        throw UriFlaw.at(
            text, i, "means different hosts to different readers (UTS 46); use the xn-- form");
      }
      folded.appendCodePoint(c);
      i += Character.charCount(text.codePointAt(i));
    }
    try {
      return IDN.toASCII(Normalizer.normalize(folded, Normalizer.Form.NFC));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // IndexOutOfBounds: what some JDKs throw for labels that mapping leaves empty.
      IllegalArgumentException flaw =
          UriFlaw.from(text, from, "its host is no name that IDNA allows: " + e.getMessage());
      flaw.initCause(e);
      throw flaw;
    }
  }

  /** Sharp s, final sigma, and the joiners: the deviation characters of UTS 46 6. */
  private static boolean isDeviation(int c) {
    return c == 0xDF || c == 0x3C2 || c == 0x200C || c == 0x200D;
  }
}
