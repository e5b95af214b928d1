package dev.runnel.client;

import dev.runnel.http.Uri;
import dev.runnel.transport.Proxy;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names, as curl reads it:
 *
 * <ul>
 *   <li>{@code http_proxy} is for http and ws, {@code https_proxy} for https and wss, {@code
 *       all_proxy} for both where they have none of their own. The values are URLs as in {@link
 *       Proxy#of}.
 *   <li>{@code no_proxy} lists what is reached directly, with commas or spaces between: {@code *}
 *       for everything, names that also stand for all below them, with or without a leading dot,
 *       {@code *.name} for all below it only, addresses, and networks such as {@code 10.0.0.0/8} or
 *       {@code fd00::/8}; each but a network may end with a port. What is none of these matches
 *       nothing.
 *   <li>Names in lower case come before those in upper case; an empty value is none. {@code
 *       HTTP_PROXY} is not looked at where {@code REQUEST_METHOD} is set: in a CGI script it would
 *       be the Proxy field of somebody's request (httpoxy, CVE-2016-5385).
 *   <li>Our own machine is no exception: who wants localhost to be reached directly lists it.
 * </ul>
 *
 * <p>Immutable.
 */
public final class ProxySettings implements ProxyChoice {
  private final @Nullable Proxy http;
  private final @Nullable Proxy https;
  private final NoProxy direct;

  private ProxySettings(@Nullable Proxy http, @Nullable Proxy https, NoProxy direct) {
    this.http = http;
    this.https = https;
    this.direct = direct;
  }

  /** The settings of this process, as its environment was when it started. */
  public static ProxySettings fromEnvironment() {
    return of(System.getenv());
  }

  /**
   * The settings of an environment.
   *
   * @throws IllegalArgumentException if the value of a variable is no proxy, naming the variable
   */
  public static ProxySettings of(Map<String, String> environment) {
    Proxy all = proxy(environment, "all_proxy");
    boolean cgi = environment.containsKey("REQUEST_METHOD");
    Map<String, String> trusted =
        cgi ? Map.of("http_proxy", environment.getOrDefault("http_proxy", "")) : environment;
    Proxy http = proxy(trusted, "http_proxy");
    Proxy https = proxy(environment, "https_proxy");
    String direct = environment.getOrDefault(variable(environment, "no_proxy"), "");
    return new ProxySettings(
        http == null ? all : http, https == null ? all : https, NoProxy.parse(direct));
  }

  private static String variable(Map<String, String> environment, String name) {
    boolean lower = !environment.getOrDefault(name, "").isBlank();
    return lower ? name : name.toUpperCase(Locale.ROOT);
  }

  private static @Nullable Proxy proxy(Map<String, String> environment, String name) {
    String variable = variable(environment, name);
    String value = environment.getOrDefault(variable, "").strip();
    if (value.isEmpty()) {
      return null;
    }
    try {
      return Proxy.of(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "environment variable "
              + variable
              + " must be a proxy such as http://host:3128, but: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public @Nullable Proxy proxyFor(Uri uri) {
    Proxy proxy = uri.isSecure() ? https : http;
    return proxy == null || direct.matches(uri) ? null : proxy;
  }

  @Override
  public String toString() {
    return "ProxySettings(http=" + http + ", https=" + https + ", direct=" + direct + ")";
  }
}
