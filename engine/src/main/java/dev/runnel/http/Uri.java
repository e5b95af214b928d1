package dev.runnel.http;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An absolute URL of the schemes http, https, ws and wss (RFC 3986, RFC 9110 4.2). Immutable; what
 * looks like a change returns another value.
 *
 * <p>It is kept in one normal form: scheme and host in lower case, names in other scripts in their
 * xn-- form, IPv6 addresses as short as can be, the scheme's own port left out, no dot segments,
 * {@code /} for an empty path. Everything else stays as written, percent sequences too. Two are
 * equal if these forms are.
 *
 * <p>{@link #toString()} hides a password; {@link #text()} has it.
 */
public final class Uri {
  private final Origin origin;
  private final @Nullable String userInfo;
  private final String path;
  private final @Nullable String query;
  private final @Nullable String fragment;

  Uri(
      Origin origin,
      @Nullable String userInfo,
      String path,
      @Nullable String query,
      @Nullable String fragment) {
    this.origin = origin;
    this.userInfo = userInfo;
    this.path = path;
    this.query = query;
    this.fragment = fragment;
  }

  /**
   * The URL of a text. What RFC 3986 does not let stand in a path, query or fragment, such as
   * spaces and everything outside ASCII, is percent-encoded in UTF-8, as browsers do it. What has
   * been used to make two readers see two hosts is refused.
   *
   * @throws IllegalArgumentException if it is no absolute URL of one of the schemes, naming the
   *     text (without a password), the character and its index: for controls, backslashes in
   *     anything but query and fragment, percent signs without two hexadecimal digits, an {@code @}
   *     in the user information, surrounding spaces, and for hosts that are empty, that IDNA
   *     refuses, that have percent sequences or a zone, or that are numbers but no address
   */
  public static Uri of(String text) {
    return new UriParser(text).absolute();
  }

  /** {@code http}, {@code https}, {@code ws} or {@code wss}. */
  public String scheme() {
    return origin.scheme();
  }

  /** Whether it is reached through TLS: https and wss. */
  public boolean isSecure() {
    return origin.isSecure();
  }

  /** User and password as written, or null. Never sent as a part of the URL. */
  public @Nullable String rawUserInfo() {
    return userInfo;
  }

  /** The user, decoded, or null. */
  public @Nullable String user() {
    return userInfo == null ? null : PercentCode.decode(userInfo.substring(0, endOfUser()));
  }

  /** The password, decoded; null if there is no colon that starts one. */
  public @Nullable String password() {
    boolean none = userInfo == null || endOfUser() == userInfo.length();
    return none ? null : PercentCode.decode(userInfo.substring(endOfUser() + 1));
  }

  private int endOfUser() {
    String info = Objects.requireNonNull(userInfo);
    int colon = info.indexOf(':');
    return colon < 0 ? info.length() : colon;
  }

  /**
   * A name in lower case, an IPv4 address, or an IPv6 address in brackets; {@link
   * Origin#bareHost()} has it without them. Never empty.
   */
  public String host() {
    return origin.host();
  }

  /** Whether the host is an address, not a name. */
  public boolean isAddress() {
    return UriHost.isAddress(host());
  }

  /** The port, 1 to 65535; where none is written, that of the scheme: 80, or 443 with TLS. */
  public int port() {
    return origin.port();
  }

  /** Host and port as the Host field wants them: without the port where it is the scheme's own. */
  public String authority() {
    return origin.authority();
  }

  /** Scheme, host and port. */
  public Origin origin() {
    return origin;
  }

  /** The path, still percent-encoded; it starts with a slash. */
  public String rawPath() {
    return path;
  }

  /**
   * The path, decoded. An encoded slash can no longer be told from the others: {@link #segments()}
   * keeps them apart.
   *
   * @throws IllegalArgumentException if its percent sequences are not UTF-8
   */
  public String path() {
    return PercentCode.decode(path);
  }

  /**
   * The decoded segments of the path: {@code [a, b]} for {@code /a/b}, {@code [a, ""]} for {@code
   * /a/}, {@code [""]} for the root.
   *
   * @throws IllegalArgumentException if their percent sequences are not UTF-8
   */
  public List<String> segments() {
    return UriPath.segments(path);
  }

  /** The query, still percent-encoded, without the question mark; null when there is none. */
  public @Nullable String rawQuery() {
    return query;
  }

  /**
   * The query as parameters, decoded as forms are: a plus sign is a space.
   *
   * @throws IllegalArgumentException if its percent sequences are not UTF-8, or there are more than
   *     1,000 parameters
   */
  public QueryParams queryParams() {
    try {
      return QueryParams.parse(query);
    } catch (HttpError e) {
      // A bad request to a server, but a bad argument here: nobody sent it to us.
      throw new IllegalArgumentException("query of " + this + ": " + e.problem().detail(), e);
    }
  }

  /** The fragment, still percent-encoded, without the number sign, or null. Never sent. */
  public @Nullable String rawFragment() {
    return fragment;
  }

  /** Path and query as the request line has them (RFC 9112 3.2.1). */
  public String target() {
    return query == null ? path : path + '?' + query;
  }

  /**
   * What a reference means in a document of this address (RFC 3986 5.2), such as a Location field:
   * {@code ../x}, {@code /y?z}, {@code //other.example/}, or a whole URL. User information stays
   * where the authority does.
   *
   * @throws IllegalArgumentException if it is no reference or leads to no URL of the schemes, as
   *     for {@link #of(String)}
   */
  public Uri resolve(String reference) {
    return new UriParser(reference).against(this);
  }

  Uri with(String path, @Nullable String query, @Nullable String fragment) {
    return new Uri(origin, userInfo, path, query, fragment);
  }

  /**
   * This with another scheme. A port that was the scheme's own becomes the one of the new scheme;
   * any other is kept.
   *
   * @throws IllegalArgumentException if it is not http, https, ws or wss
   */
  public Uri withScheme(String scheme) {
    String lower = scheme.toLowerCase(Locale.ROOT);
    if (!UriParser.isKnown(lower)) {
      throw new IllegalArgumentException(
          "scheme must be http, https, ws or wss, but is " + Tokens.quote(scheme));
    }
    boolean own = port() == Origin.defaultPort(scheme());
    int port = own ? Origin.defaultPort(lower) : port();
    return new Uri(new Origin(lower, host(), port), userInfo, path, query, fragment);
  }

  /**
   * This with a path of these segments, each encoded, so that a slash or question mark in one stays
   * a part of it: {@code withPath("files", "a/b")} is {@code /files/a%2Fb}. No segments are the
   * root; an empty last one ends the path with a slash.
   *
   * @throws IllegalArgumentException if one is a dot or two, encoded or not, or has half of a
   *     surrogate pair
   */
  public Uri withPath(String... segments) {
    return with('/' + UriPath.join(segments), query, fragment);
  }

  /**
   * This with more segments behind its path, which may end with a slash or not; otherwise as {@link
   * #withPath}.
   */
  public Uri plusPath(String... segments) {
    if (segments.length == 0) {
      return this;
    }
    String base = path.endsWith("/") ? path : path + '/';
    return with(base + UriPath.join(segments), query, fragment);
  }

  /**
   * This with one more query parameter behind the others. A space goes as {@code %20}, which all
   * read alike.
   *
   * @throws IllegalArgumentException if name or value has half of a surrogate pair
   */
  public Uri withQuery(String name, String value) {
    String pair = percentEncode(name) + '=' + percentEncode(value);
    boolean first = query == null || query.isEmpty();
    return with(path, first ? pair : query + '&' + pair, fragment);
  }

  /** This with these parameters for its query; none of them are no query. */
  public Uri withQuery(QueryParams params) {
    Uri bare = withoutQuery();
    return params.isEmpty() ? bare : bare.with(path, params.encode(), fragment);
  }

  /** This without a query. */
  public Uri withoutQuery() {
    return with(path, null, fragment);
  }

  /**
   * This with a user and a password, encoded.
   *
   * @param password null is none
   * @throws IllegalArgumentException if one has half of a surrogate pair
   */
  public Uri withUserInfo(String user, @Nullable String password) {
    String who = percentEncode(user) + (password == null ? "" : ':' + percentEncode(password));
    return new Uri(origin, who.isEmpty() ? null : who, path, query, fragment);
  }

  /** This without user and password, as it may be shown or sent. */
  public Uri withoutUserInfo() {
    return userInfo == null ? this : new Uri(origin, null, path, query, fragment);
  }

  /** This without a fragment. */
  public Uri withoutFragment() {
    return fragment == null ? this : with(path, query, null);
  }

  /**
   * This with a fragment, encoded where it must be.
   *
   * @throws IllegalArgumentException if it has half of a surrogate pair
   */
  public Uri withFragment(String text) {
    return with(path, query, PercentCode.encode(text, PercentCode.QUERY));
  }

  /**
   * A text as it can stand in any part of a URL: all but letters and digits of ASCII and {@code - .
   * _ ~} becomes percent sequences of UTF-8 (RFC 3986 2).
   *
   * @throws IllegalArgumentException if it has half of a surrogate pair, which has no UTF-8 form
   */
  public static String percentEncode(String text) {
    return PercentCode.encode(text, PercentCode.UNRESERVED);
  }

  /**
   * The text that {@link #percentEncode} made this of. A plus sign stays one.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits,
   *     or the bytes are not UTF-8, naming the index
   */
  public static String percentDecode(String text) {
    return PercentCode.decode(text);
  }

  /** The whole URL, with user and password if it has them: do not log it. */
  public String text() {
    return write(userInfo);
  }

  private String write(@Nullable String who) {
    StringBuilder out = new StringBuilder(scheme()).append("://");
    if (who != null) {
      out.append(who).append('@');
    }
    out.append(authority()).append(target());
    return fragment == null ? out.toString() : out.append('#').append(fragment).toString();
  }

  /** The URL, with {@code ***} in place of a password. */
  @Override
  public String toString() {
    boolean secret = userInfo != null && endOfUser() < userInfo.length();
    return write(secret ? userInfo.substring(0, endOfUser()) + ":***" : userInfo);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Uri that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }
}
