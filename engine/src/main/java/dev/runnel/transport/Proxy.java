package dev.runnel.transport;

import dev.runnel.http.Uri;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that connections go through: what it speaks, where it listens, and who we are to it.
 *
 * @param kind what it speaks
 * @param host a name or an address, IPv6 without brackets; lower case
 * @param port 1 to 65535
 * @param user the name to log in with, or null. For SOCKS4 and 4a it is the user id
 * @param password goes with the user; null is none, and the same as an empty one to a proxy. SOCKS4
 *     and 4a have no passwords
 */
public record Proxy(
    Kind kind, String host, int port, @Nullable String user, @Nullable String password) {
  /** RFC 1929 2: the lengths of name and password are one byte each. */
  private static final int MAX_SOCKS5_FIELD = 255;

  /** What a proxy speaks. */
  public enum Kind {
    /** HTTP in clear: requests for http are forwarded, for https it is asked for a tunnel. */
    HTTP("http"),
    /** HTTP in TLS: what we say to the proxy is encrypted, whatever goes through it. */
    HTTPS("https"),
    /** SOCKS4: IPv4 addresses only, names are resolved here. */
    SOCKS4("socks4"),
    /** SOCKS4a: names are resolved by the proxy. */
    SOCKS4A("socks4a"),
    /** SOCKS5 (RFC 1928), names are resolved here. */
    SOCKS5("socks5"),
    /** SOCKS5 (RFC 1928), names are resolved by the proxy. */
    SOCKS5H("socks5h");

    private final String scheme;

    Kind(String scheme) {
      this.scheme = scheme;
    }

    /** The scheme of its URLs. */
    public String scheme() {
      return scheme;
    }

    /** The port where a URL names none: that of the scheme, 1080 for SOCKS. */
    public int defaultPort() {
      return switch (this) {
        case HTTP -> 80;
        case HTTPS -> 443;
        case SOCKS4, SOCKS4A, SOCKS5, SOCKS5H -> 1080;
      };
    }

    /** Whether the proxy is told names and resolves them itself. */
    public boolean resolvesNames() {
      return this != SOCKS4 && this != SOCKS5;
    }
  }

  /**
   * A proxy.
   *
   * @throws IllegalArgumentException if the host is empty or has a character that no host has, the
   *     port is not within 1 to 65535, there is a password without a user, SOCKS4 is given a
   *     password, or a name or password is not what the protocol can carry
   */
  public Proxy {
    Objects.requireNonNull(kind, "kind");
    host = checkedHost(host);
    require(port > 0 && port <= 65_535, "port of a proxy must be within 1..65535, but is " + port);
    require(user != null || password == null, "password of a proxy goes with a user name");
    switch (kind) {
      case HTTP, HTTPS -> requireBasic(user, password);
      case SOCKS4, SOCKS4A -> requireSocks4(user, password);
      case SOCKS5, SOCKS5H -> {
        requireSocks5("user name", user);
        requireSocks5("password", password);
      }
    }
  }

  /** A proxy that asks for no name. */
  public Proxy(Kind kind, String host, int port) {
    this(kind, host, port, null, null);
  }

  /**
   * The proxy of a URL: {@code http://host:3128}, {@code socks5h://user:password@host}. Without a
   * scheme it is an HTTP proxy. User and password are percent-decoded.
   *
   * @throws IllegalArgumentException if the scheme is none of a {@link Kind}, or the rest is no
   *     authority, or there is a path, query or fragment behind it; the message hides the password
   */
  public static Proxy of(String url) {
    int slashes = url.indexOf("://");
    Kind kind = slashes < 0 ? Kind.HTTP : kind(url.substring(0, slashes));
    // The grammar is that of any authority, so the scheme makes no difference to it.
    Uri uri = Uri.of("http://" + (slashes < 0 ? url : url.substring(slashes + 3)));
    boolean bare = uri.target().equals("/") && uri.rawFragment() == null;
    require(bare, "URL of a proxy must end behind the port, but is " + uri);
    String authority = url.substring(url.lastIndexOf('@') + 1, endOfAuthority(url, slashes));
    // Behind the brackets of IPv6, whose colons are no port's. An empty port is none.
    boolean port = authority.matches(".*:\\d+") && !authority.endsWith("]");
    return new Proxy(
        kind,
        uri.origin().bareHost(),
        port ? uri.port() : kind.defaultPort(),
        uri.user(),
        uri.password());
  }

  private static int endOfAuthority(String url, int slashes) {
    int slash = url.indexOf('/', slashes < 0 ? 0 : slashes + 3);
    return slash < 0 ? url.length() : slash;
  }

  private static Kind kind(String scheme) {
    for (Kind kind : Kind.values()) {
      if (kind.scheme.equalsIgnoreCase(scheme)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "scheme of a proxy must be http, https, socks4, socks4a, socks5 or socks5h, but is '"
            + scheme
            + "'");
  }

  private static String checkedHost(String host) {
    boolean literal = host.startsWith("[") && host.endsWith("]");
    String bare = literal ? host.substring(1, host.length() - 1) : host;
    boolean known = bare.chars().allMatch(c -> c > ' ' && c < 0x7F && "/?#@[]\\%".indexOf(c) < 0);
    require(!bare.isEmpty() && known, "host of a proxy must be a name or address: '" + host + "'");
    return bare.toLowerCase(Locale.ROOT);
  }

  /** RFC 7617 2: the first colon ends the name. */
  private static void requireBasic(@Nullable String user, @Nullable String password) {
    require(
        user == null || user.indexOf(':') < 0,
        "user name for an HTTP proxy must not have a colon (RFC 7617 2)");
    boolean controls = hasControl(user) || hasControl(password);
    require(!controls, "user name and password of a proxy must not have controls (RFC 7617 2)");
  }

  private static void requireSocks4(@Nullable String user, @Nullable String password) {
    require(password == null, "SOCKS4 has no passwords: use socks5, or leave it out");
    require(!hasControl(user), "user id for SOCKS4 must not have controls: a NUL ends it");
  }

  private static void requireSocks5(String what, @Nullable String text) {
    require(
        text == null || text.getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKS5_FIELD,
        what + " for SOCKS5 must not be longer than 255 bytes (RFC 1929 2)");
  }

  private static boolean hasControl(@Nullable String text) {
    return text != null && text.chars().anyMatch(c -> c < ' ' || c == 0x7F);
  }

  private static void require(boolean kept, String rule) {
    if (!kept) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** The proxy as a URL, without its password. */
  @Override
  public String toString() {
    String who = user == null ? "" : user + (password == null ? "@" : ":***@");
    String where = host.indexOf(':') < 0 ? host : '[' + host + ']';
    return kind.scheme + "://" + who + where + ':' + port;
  }
}
