package dev.runnel.client;

import dev.runnel.http.Cookie;
import dev.runnel.http.Uri;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Set-Cookie field as user agents must (RFC 6265bis 5.6 and 5.7): what can be understood
 * is, a flaw in an attribute leaves the attribute out, and of an attribute that comes twice the
 * last one counts.
 */
final class SetCookie {
  /** Name and value together, in bytes: every character of a field is one (RFC 6265bis 5.6). */
  static final int MAX_LENGTH = 4096;

  /** RFC 6265bis 5.6. */
  static final int MAX_ATTRIBUTE = 1024;

  /** RFC 6265bis 5.5. */
  static final Duration MAX_AGE = Duration.ofDays(400);

  /** No server that lives needs more; a head of 16 KiB could have 8,000 of them. */
  private static final int MAX_ATTRIBUTES = 64;

  private final Uri uri;
  private final Instant now;

  private String name = "";
  private String value = "";
  private String domain = "";
  private @Nullable String path;
  private @Nullable Instant expires;
  private @Nullable Instant maxAge;
  private boolean secure;
  private boolean httpOnly;
  private Cookie.@Nullable SameSite sameSite;

  private SetCookie(Uri uri, Instant now) {
    this.uri = uri;
    this.now = now;
  }

  /**
   * The cookie of a field that came from a URL, or null if it is to be ignored.
   *
   * @param publicSuffix whether whole domains of this name belong to nobody
   */
  static @Nullable StoredCookie read(
      String field, Uri uri, Instant now, Predicate<String> publicSuffix) {
    if (field.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
      return null;
    }
    SetCookie cookie = new SetCookie(uri, now);
    String[] parts = field.split(";", MAX_ATTRIBUTES + 2);
    return cookie.takePair(parts[0]) && cookie.takeAttributes(parts)
        ? cookie.stored(publicSuffix)
        : null;
  }

  private boolean takePair(String pair) {
    int equals = pair.indexOf('=');
    name = equals < 0 ? "" : strip(pair.substring(0, equals));
    value = strip(pair.substring(equals + 1));
    int length = name.length() + value.length();
    return length > 0 && length <= MAX_LENGTH;
  }

  private boolean takeAttributes(String[] parts) {
    for (int i = 1; i < Math.min(parts.length, MAX_ATTRIBUTES + 1); i++) {
      int equals = parts[i].indexOf('=');
      String attribute = strip(equals < 0 ? parts[i] : parts[i].substring(0, equals));
      String setting = equals < 0 ? "" : strip(parts[i].substring(equals + 1));
      if (setting.length() <= MAX_ATTRIBUTE) {
        take(attribute.toLowerCase(Locale.ROOT), setting);
      }
    }
    // What nobody reads could be the Secure or Domain that a server relies on.
    return parts.length <= MAX_ATTRIBUTES + 1;
  }

  private void take(String attribute, String setting) {
    switch (attribute) {
      case "expires" -> {
        Instant date = LenientDate.parse(setting);
        expires = date == null ? expires : atMost(date);
      }
      case "max-age" -> {
        if (setting.matches("-?[0-9]+")) {
          maxAge = untilAge(setting);
        }
      }
      case "domain" -> {
        String bare = setting.startsWith(".") ? setting.substring(1) : setting;
        domain = bare.toLowerCase(Locale.ROOT);
      }
      case "path" -> path = setting.startsWith("/") ? setting : null;
      case "secure" -> secure = true;
      case "httponly" -> httpOnly = true;
      case "samesite" -> sameSite = sameSite(setting);
      default -> {} // Attributes of tomorrow (RFC 6265bis 5.6, step 7).
    }
  }

  private Instant atMost(Instant date) {
    Instant last = now.plus(MAX_AGE);
    return date.isAfter(last) ? last : date;
  }

  private Instant untilAge(String digits) {
    if (digits.startsWith("-")) {
      return Instant.MIN;
    }
    // Ten digits are 300 years, which fit; more are more.
    String number = digits.replaceFirst("^0+", "");
    boolean huge = number.length() > 10;
    long seconds = number.isEmpty() ? 0 : huge ? MAX_AGE.toSeconds() : Long.parseLong(number);
    return seconds == 0 ? Instant.MIN : atMost(now.plusSeconds(seconds));
  }

  private static Cookie.@Nullable SameSite sameSite(String word) {
    for (Cookie.SameSite rule : Cookie.SameSite.values()) {
      if (rule.name().equalsIgnoreCase(word)) {
        return rule;
      }
    }
    return null;
  }

  private @Nullable StoredCookie stored(Predicate<String> publicSuffix) {
    String host = uri.host();
    // With the dot of the root, a suffix is the same suffix.
    boolean rooted = domain.endsWith(".");
    String suffix = rooted ? domain.substring(0, domain.length() - 1) : domain;
    if (!suffix.isEmpty() && publicSuffix.test(suffix)) {
      // Of a suffix that is a host itself, only the host may have a cookie (step 9).
      if (!domain.equals(host)) {
        return null;
      }
      domain = "";
    }
    boolean hostOnly = domain.isEmpty();
    if (!hostOnly && !StoredCookie.domainMatches(host, domain)) {
      return null;
    }
    StoredCookie cookie =
        new StoredCookie(
            name,
            value,
            hostOnly ? host : domain,
            hostOnly,
            path == null ? defaultPath(uri) : path,
            maxAge == null ? expires : maxAge,
            secure,
            httpOnly,
            sameSite);
    return isAllowed(cookie) ? cookie : null;
  }

  private boolean isAllowed(StoredCookie cookie) {
    // A cookie without a name must not look like one that has a prefix: "=__Host-a=b".
    String shown = (name.isEmpty() ? value : name).toLowerCase(Locale.ROOT);
    boolean secureName = shown.startsWith("__secure-");
    boolean hostName = shown.startsWith("__host-");
    if (name.isEmpty() && (secureName || hostName)) {
      return false;
    }
    boolean bound = cookie.hostOnly() && "/".equals(path);
    return !(secure && !StoredCookie.isTrusted(uri))
        && !(sameSite == Cookie.SameSite.NONE && !secure)
        && !(secureName && !secure)
        && !(hostName && !(secure && bound));
  }

  /** The directory of the path that was asked for (RFC 6265bis 5.1.4). */
  private static String defaultPath(Uri uri) {
    int slash = uri.rawPath().lastIndexOf('/');
    return slash <= 0 ? "/" : uri.rawPath().substring(0, slash);
  }

  private static String strip(String text) {
    int from = 0;
    int until = text.length();
    while (from < until && isSpace(text.charAt(from))) {
      from++;
    }
    while (until > from && isSpace(text.charAt(until - 1))) {
      until--;
    }
    return text.substring(from, until);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
