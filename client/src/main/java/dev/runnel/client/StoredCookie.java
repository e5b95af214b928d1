package dev.runnel.client;

import dev.runnel.http.Cookie;
import dev.runnel.http.Uri;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cookie as a {@link MemoryCookieJar} keeps it (RFC 6265bis 5.7). Other than {@link Cookie} it
 * has whatever a server sent, not only what a server should send.
 *
 * @param name may be empty: some servers send only a value
 * @param value as it came, quotes included
 * @param domain the host that gets it back, in lower case
 * @param hostOnly whether hosts below the domain do not get it
 * @param path the path below which it goes back
 * @param expires until when it is kept; null is until the jar is gone
 * @param secure whether it goes over secure connections only
 * @param httpOnly whether scripts must not see it; kept for those who show it to any
 * @param sameSite kept for those who know of sites; null where the server said nothing
 */
public record StoredCookie(
    String name,
    String value,
    String domain,
    boolean hostOnly,
    String path,
    @Nullable Instant expires,
    boolean secure,
    boolean httpOnly,
    Cookie.@Nullable SameSite sameSite) {

  /** Whether it is over at a time. */
  public boolean isExpired(Instant now) {
    return expires != null && !expires.isAfter(now);
  }

  /** Whether it goes with a request for this URL; its time is not looked at. */
  public boolean matches(Uri uri) {
    boolean host = hostOnly ? uri.host().equals(domain) : domainMatches(uri.host(), domain);
    return host && pathMatches(uri.rawPath(), path) && (!secure || isTrusted(uri));
  }

  /** The cookie as a member of the Cookie field. */
  String member() {
    return name.isEmpty() ? value : name + '=' + value;
  }

  /** Whether a host is this domain or below it (RFC 6265bis 5.1.3). Nothing is below an address. */
  static boolean domainMatches(String host, String domain) {
    if (host.equals(domain)) {
      return true;
    }
    // A host that ends in a dot and a name is no address.
    return host.endsWith('.' + domain) && !isAddress(host);
  }

  private static boolean isAddress(String host) {
    // Hosts come from Uri, which lets no other name end in a number.
    char last = host.charAt(host.length() - 1);
    return last == ']' || (Character.isDigit(last) && host.matches("[0-9.]+"));
  }

  /** Whether a path is this one or below it (RFC 6265bis 5.1.4). */
  static boolean pathMatches(String requested, String path) {
    return requested.startsWith(path)
        && (requested.length() == path.length()
            || path.endsWith("/")
            || requested.charAt(path.length()) == '/');
  }

  /**
   * Whether what we say to this URL is heard by nobody else: through TLS, or to our own machine,
   * which browsers trust alike (RFC 6265bis 5.8.3, W3C Secure Contexts 3.1).
   */
  static boolean isTrusted(Uri uri) {
    String host = uri.host().toLowerCase(Locale.ROOT);
    return uri.isSecure()
        || host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("[::1]")
        || (uri.isAddress() && host.startsWith("127."));
  }

  /** All but the value, which may be secret. */
  @Override
  public String toString() {
    return "StoredCookie(" + name + ", " + (hostOnly ? "" : "*.") + domain + path + ")";
  }
}
