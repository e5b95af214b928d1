package dev.runnel.engine.internal.syntax;

import java.util.Locale;
import java.util.Set;

/**
 * Which fields may not stand in a trailer section. Those that frame, route, authenticate or
 * describe the message are a breach and not just dropped: they come too late to be obeyed, no
 * honest client sends them, and a proxy may have obeyed them (RFC 9110 6.5.1).
 */
public final class TrailerFields {
  private static final Set<String> FORBIDDEN =
      Set.of(
          "authorization",
          "cache-control",
          "connection",
          "content-encoding",
          "content-length",
          "content-range",
          "content-type",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "keep-alive",
          "max-forwards",
          "proxy-authorization",
          "proxy-connection",
          "range",
          "set-cookie",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto");

  private TrailerFields() {}

  /** Whether a field of this name, in any case, breaks the rules in a trailer section. */
  public static boolean isForbidden(String name) {
    return FORBIDDEN.contains(name.toLowerCase(Locale.ROOT));
  }
}
