package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which hosts want to be spoken to through TLS only (RFC 6797), so that a request for
 * http never leaves in clear after the first answer over https said so.
 *
 * <p>Known are 10,000 hosts at most; above that, expired ones go, then those that said so longest
 * ago. In memory only. Safe for threads.
 */
public final class HstsStore {
  static final int MAX_HOSTS = 10_000;

  private static final String FIELD = "Strict-Transport-Security";

  /** Longer is as good as for ever, and must not overflow. */
  private static final long MAX_AGE_SECONDS = Duration.ofDays(36_500).toSeconds();

  /** A directive and what separates it from the next (RFC 6797 6.1). */
  private static final Pattern DIRECTIVE =
      Pattern.compile(
          "[ \\t]*+(?:([!#$%&'*+.^_`|~0-9A-Za-z-]++)[ \\t]*+"
              + "(?:=[ \\t]*+(?:([!#$%&'*+.^_`|~0-9A-Za-z-]++)|\"((?:[^\"\\\\]|\\\\.)*+)\")[ \\t]*+)?+)?+(?:;|$)");

  private final InstantSource time;

  /** In the order in which they last said so. Guarded by this. */
  private final Map<String, Policy> hosts = new LinkedHashMap<>();

  private record Policy(Instant until, boolean includesSubDomains) {}

  /** An empty store by the system's clock. */
  public HstsStore() {
    this(InstantSource.system());
  }

  /** An empty store by this clock. */
  public HstsStore(InstantSource time) {
    this.time = time;
  }

  /**
   * Takes the Strict-Transport-Security field of an answer. It counts over TLS only, and not for
   * addresses (RFC 6797 8.1); of several fields the first counts, a malformed one is ignored.
   *
   * @param uri what was asked for
   * @param answer the header section of the answer, also of a redirect or an error
   */
  public void receive(Uri uri, Headers answer) {
    String field = answer.get(FIELD);
    if (field == null || !uri.isSecure() || uri.isAddress()) {
      return;
    }
    Map<String, String> directives = directives(field);
    String age = directives == null ? null : directives.get("max-age");
    if (age != null && age.matches("[0-9]+")) {
      note(canonical(uri.host()), seconds(age), directives.containsKey("includesubdomains"));
    }
  }

  private static long seconds(String digits) {
    String number = digits.replaceFirst("^0+", "");
    boolean huge = number.length() > 12;
    long seconds = number.isEmpty() ? 0 : huge ? MAX_AGE_SECONDS : Long.parseLong(number);
    return Math.min(seconds, MAX_AGE_SECONDS);
  }

  private synchronized void note(String host, long seconds, boolean includesSubDomains) {
    hosts.remove(host); // To come last again; with an age of 0, for good.
    if (seconds == 0) {
      return;
    }
    Instant now = time.instant();
    hosts.put(host, new Policy(now.plusSeconds(seconds), includesSubDomains));
    if (hosts.size() > MAX_HOSTS) {
      hosts.values().removeIf(policy -> !policy.until.isAfter(now));
    }
    if (hosts.size() > MAX_HOSTS) {
      hosts.remove(hosts.keySet().iterator().next());
    }
  }

  /** The directives by their names in lower case, or null if the field is malformed. */
  private static @Nullable Map<String, String> directives(String field) {
    Map<String, String> directives = new HashMap<>();
    Matcher next = DIRECTIVE.matcher(field);
    int at = 0;
    while (at < field.length()) {
      if (!next.region(at, field.length()).lookingAt()) {
        return null;
      }
      at = next.end();
      if (next.group(1) != null && !add(directives, next)) {
        return null; // RFC 6797 6.1: no directive may come twice.
      }
    }
    return directives;
  }

  private static boolean add(Map<String, String> directives, Matcher directive) {
    String quoted = directive.group(3);
    String plain = directive.group(2) == null ? "" : directive.group(2);
    String value = quoted == null ? plain : quoted.replaceAll("\\\\(.)", "$1");
    return directives.put(directive.group(1).toLowerCase(Locale.ROOT), value) == null;
  }

  /**
   * The URL to use for this one: with https for http, and wss for ws, where the host wants it. Port
   * 80 becomes 443, any other is kept (RFC 6797 8.3).
   */
  public Uri upgrade(Uri uri) {
    if (uri.isSecure() || !isKnown(uri)) {
      return uri;
    }
    return uri.withScheme(uri.scheme().equals("ws") ? "wss" : "https");
  }

  /** Whether the host of this URL is to be reached through TLS only. */
  public synchronized boolean isKnown(Uri uri) {
    if (uri.isAddress() || hosts.isEmpty()) {
      return false;
    }
    Instant now = time.instant();
    String host = canonical(uri.host());
    boolean itself = true;
    while (true) {
      Policy policy = hosts.get(host);
      boolean covers = policy != null && (itself || policy.includesSubDomains);
      if (covers && policy.until.isAfter(now)) {
        return true;
      }
      int dot = host.indexOf('.');
      if (dot < 0) {
        return false;
      }
      host = host.substring(dot + 1);
      itself = false;
    }
  }

  /** A name and the same with the dot of the root are one host (RFC 6797 8.2, 10.1). */
  private static String canonical(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** Forgets all hosts. */
  public synchronized void clear() {
    hosts.clear();
  }

  @Override
  public synchronized String toString() {
    return "HstsStore(" + hosts.size() + ")";
  }
}
