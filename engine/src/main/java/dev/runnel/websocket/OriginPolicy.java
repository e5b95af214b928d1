package dev.runnel.websocket;

import dev.runnel.http.Request;
import java.util.List;
import java.util.Locale;

/**
 * Whose pages may open a session. Browsers let any page do that, with the cookies of this host, so
 * the server has to look (RFC 6455 10.2). Clients that are no browsers send no Origin and are never
 * asked.
 */
@FunctionalInterface
public interface OriginPolicy {
  /**
   * Whether a page of this origin may.
   *
   * @param origin the Origin field: {@code https://app.example}, or {@code null} for pages that
   *     hide where they are from
   */
  boolean allows(Request request, String origin);

  /** Pages of the host and port that the request is for; the scheme may differ behind a proxy. */
  static OriginPolicy sameHost() {
    return SameHost.INSTANCE;
  }

  /** All pages: for sessions that neither cookies nor a private network guard. */
  static OriginPolicy any() {
    return (request, origin) -> true;
  }

  /**
   * Pages of these origins.
   *
   * @param origins each {@code scheme://host[:port]}, as browsers send it
   * @throws IllegalArgumentException if one is no origin
   */
  static OriginPolicy of(String... origins) {
    List<String> allowed = List.of(origins).stream().map(OriginPolicy::normal).toList();
    return (request, origin) -> allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static String normal(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    if (!lower.matches("[a-z][a-z0-9+.-]*://[^/?#@\\s]+")) {
      throw new IllegalArgumentException(
          "an origin is scheme://host or scheme://host:port, but this is '" + origin + "'");
    }
    String port = lower.startsWith("https:") ? ":443" : ":80";
    return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
  }
}
