package dev.runnel.engine.internal.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is used for which host name: exact names, then names with a wildcard for the whole first
 * label (RFC 9525 6.3), then the default. What was added first wins.
 */
final class ServerNames<T> {
  /** GeneralName of type dNSName (RFC 5280 4.2.1.6). */
  private static final Integer DNS = 2;

  private final T fallback;
  private final Map<String, T> exact = new HashMap<>();
  private final Map<String, T> wildcards = new HashMap<>();

  ServerNames(T fallback) {
    this.fallback = fallback;
  }

  void add(String name, T value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("*.")) {
      wildcards.putIfAbsent(lower.substring(1), value);
    } else {
      exact.putIfAbsent(lower, value);
    }
  }

  /** What fits a name in lower case; the default for null and for names that nobody has. */
  T find(@Nullable String name) {
    if (name == null) {
      return fallback;
    }
    String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    T found = exact.get(host);
    int dot = host.indexOf('.');
    if (found == null && dot > 0) {
      found = wildcards.get(host.substring(dot));
    }
    return found == null ? fallback : found;
  }

  /** The host names that a certificate is for. Its common name counts no more (RFC 9525 2). */
  static List<String> of(X509Certificate certificate) throws UnusableException {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (DNS.equals(alternative.get(0))) {
          names.add((String) alternative.get(1));
        }
      }
    } catch (CertificateParsingException e) {
      throw new UnusableException("has broken alternative names: " + e.getMessage(), e);
    }
    return names;
  }
}
