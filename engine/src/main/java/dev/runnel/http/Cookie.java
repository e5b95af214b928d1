package dev.runnel.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cookie (RFC 6265bis): name and value as a client sends them, with attributes as a server sets
 * them. Immutable; what looks like a change returns another cookie.
 *
 * <p>Quotes around a value are a part of it (RFC 6265bis 4.1.1): they are neither added nor taken
 * away.
 */
public final class Cookie {
  private static final String PATH = "Path";
  private static final String DOMAIN = "Domain";
  private static final String MAX_AGE = "Max-Age";
  private static final String EXPIRES = "Expires";
  private static final String SECURE = "Secure";
  private static final String HTTP_ONLY = "HttpOnly";
  private static final String SAME_SITE = "SameSite";
  private static final String PARTITIONED = "Partitioned";

  /**
   * IMF-fixdate (RFC 9110 5.6.7), with two digits for the day, which the JDK's own RFC 1123 format
   * has not.
   */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final String name;
  private final String value;

  /** As they go on the wire, in the order in which they were set; flags have an empty value. */
  private final Map<String, String> attributes;

  Cookie(String name, String value, Map<String, String> attributes) {
    this.name = name;
    this.value = value;
    this.attributes = attributes;
  }

  /**
   * A cookie that ends with the browser's session.
   *
   * @throws IllegalArgumentException if the name is not a token, the value has a character that RFC
   *     6265bis 4.1.1 does not allow there (space, comma, semicolon, backslash, a quote inside,
   *     anything but ASCII), or both together are longer than the 4,096 bytes that browsers take
   */
  public static Cookie of(String name, String value) {
    CookieRules.requireNameAndValue(name, value);
    return new Cookie(name, value, Map.of());
  }

  /**
   * A cookie that makes the browser forget the one of this name. It only meets a cookie of the same
   * {@link #path(String) path} and {@link #domain(String) domain}: set them alike.
   */
  public static Cookie removal(String name) {
    return of(name, "").maxAge(Duration.ZERO).expires(Instant.EPOCH);
  }

  /**
   * The first cookie of this name that the client sent, or null. Names are compared with case.
   *
   * @param headers the header section of a request
   */
  public static @Nullable Cookie find(Headers headers, String name) {
    return CookieHeader.find(headers, name);
  }

  /**
   * All cookies that the client sent, in order; of one name there may be several. Malformed ones
   * are left out.
   */
  public static List<Cookie> all(Headers headers) {
    return CookieHeader.all(headers);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The value. */
  public String value() {
    return value;
  }

  /** The path below which it is sent back, or null: the one of the request that got it. */
  public @Nullable String path() {
    return attributes.get(PATH);
  }

  /** The host that gets it back with all hosts below, or null: only the very host that set it. */
  public @Nullable String domain() {
    return attributes.get(DOMAIN);
  }

  /** How long it is kept, or null. Goes before {@link #expires()}. */
  public @Nullable Duration maxAge() {
    String seconds = attributes.get(MAX_AGE);
    return seconds == null ? null : Duration.ofSeconds(Long.parseLong(seconds));
  }

  /** Until when it is kept, in whole seconds, or null. */
  public @Nullable Instant expires() {
    String date = attributes.get(EXPIRES);
    return date == null ? null : Instant.from(DATE.parse(date));
  }

  /** Whether it is sent over secure connections only. */
  public boolean isSecure() {
    return attributes.containsKey(SECURE);
  }

  /** Whether scripts cannot see it. */
  public boolean isHttpOnly() {
    return attributes.containsKey(HTTP_ONLY);
  }

  /** Whether requests that start at other sites carry it; null leaves that to the browser. */
  public @Nullable SameSite sameSite() {
    String word = attributes.get(SAME_SITE);
    return word == null ? null : SameSite.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether it is kept apart for each top-level site (CHIPS). */
  public boolean isPartitioned() {
    return attributes.containsKey(PARTITIONED);
  }

  /**
   * This cookie, sent back for this path and all below.
   *
   * @throws IllegalArgumentException if it does not start with a slash, or has a semicolon, white
   *     space, a control or anything but ASCII
   */
  public Cookie path(String path) {
    return with(PATH, CookieRules.requirePath(path));
  }

  /**
   * This cookie, sent back to this host and all below.
   *
   * @throws IllegalArgumentException if it is not a host name; others than ASCII go in their xn--
   *     form
   */
  public Cookie domain(String domain) {
    return with(DOMAIN, CookieRules.requireDomain(domain));
  }

  /**
   * This cookie, kept that long, rounded up to seconds; zero removes it. Browsers cut it to 400
   * days.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Cookie maxAge(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("Max-Age of a cookie must not be negative: " + age);
    }
    // Half a second must not become the 0 that removes the cookie.
    long seconds = age.getNano() > 0 ? age.getSeconds() + 1 : age.getSeconds();
    return with(MAX_AGE, Long.toString(seconds));
  }

  /**
   * This cookie, kept until then.
   *
   * @throws IllegalArgumentException if the year is not within 1601 to 9999
   */
  public Cookie expires(Instant until) {
    return with(EXPIRES, DATE.format(CookieRules.requireExpires(until)));
  }

  /** This cookie, sent over secure connections only. */
  public Cookie secure() {
    return with(SECURE, "");
  }

  /** This cookie, hidden from scripts. */
  public Cookie httpOnly() {
    return with(HTTP_ONLY, "");
  }

  /**
   * This cookie with a rule for requests that start at other sites. NONE needs {@link #secure()}.
   */
  public Cookie sameSite(SameSite rule) {
    return with(SAME_SITE, rule.word);
  }

  /** This cookie, kept apart for each top-level site (CHIPS). Needs {@link #secure()}. */
  public Cookie partitioned() {
    return with(PARTITIONED, "");
  }

  private Cookie with(String attribute, String setting) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(attribute, setting);
    return new Cookie(name, value, more);
  }

  /**
   * The value of the Set-Cookie field.
   *
   * @throws IllegalArgumentException if browsers would refuse it: SameSite=None or Partitioned
   *     without Secure, a {@code __Secure-} name without Secure, a {@code __Host-} name without
   *     Secure and Path=/ or with a Domain; or if name or value came from a client and could not be
   *     set
   */
  public String toSetCookie() {
    CookieRules.requireNameAndValue(name, value);
    CookieRules.requireConsistent(this);
    List<String> parts = new ArrayList<>(1 + attributes.size());
    parts.add(name + '=' + value);
    attributes.forEach(
        (attribute, setting) ->
            parts.add(setting.isEmpty() ? attribute : attribute + '=' + setting));
    return String.join("; ", parts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cookie that
        && name.equals(that.name)
        && value.equals(that.value)
        && attributes.equals(that.attributes);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + value.hashCode()) + attributes.hashCode();
  }

  /** The name and attributes only: the value may be secret. */
  @Override
  public String toString() {
    return "Cookie(" + name + ")" + attributes;
  }

  /** Which requests that start at another site carry the cookie (RFC 6265bis 5.6.7). */
  public enum SameSite {
    /** None. */
    STRICT("Strict"),
    /** Only those that bring the user to us: following a link, not posting a form. */
    LAX("Lax"),
    /** All. */
    NONE("None");

    private final String word;

    SameSite(String word) {
      this.word = word;
    }
  }
}
