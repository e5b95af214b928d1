package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Request;
import dev.runnel.http.Uri;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a forwarded request goes, and what it says about the one who asked. */
final class Upstream {
  private Upstream() {}

  /**
   * The target below the path of the base. Its dot segments, also those that are percent-encoded,
   * are removed before that, so that none leads out of the base.
   */
  static Uri uri(Request request, Uri base, String prefix) {
    Uri asked;
    try {
      asked = base.resolve(rooted(request));
    } catch (IllegalArgumentException e) {
      throw HttpError.badRequest("this target cannot be forwarded");
    }
    String path = withoutPrefix(asked.rawPath(), prefix);
    String root = base.rawPath().replaceFirst("/+$", "");
    String query = request.rawQuery();
    String user = base.rawUserInfo() == null ? "" : base.rawUserInfo() + '@';
    return Uri.of(
        base.scheme()
            + "://"
            + user
            + base.authority()
            + root
            + path
            + (query == null ? "" : '?' + query));
  }

  /** A path that begins with two slashes would be an authority to {@link Uri#resolve}. */
  private static String rooted(Request request) {
    String path = request.rawPath();
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("asterisk or authority form");
    }
    return path.startsWith("//") ? "/." + path : path;
  }

  private static String withoutPrefix(String path, String prefix) {
    if (prefix.isEmpty() || path.equals(prefix)) {
      return prefix.isEmpty() ? path : "/";
    }
    return path.startsWith(prefix + '/') ? path.substring(prefix.length()) : path;
  }

  // --- who asked ---

  /** Fields of the other kind are what a client says of itself, and would be taken for our word. */
  static Headers forwarded(ReverseProxy.Forwarding how, Request request, Headers headers) {
    return switch (how) {
      case NONE -> headers;
      case FORWARDED -> standard(request, headers);
      case X_FORWARDED -> xForwarded(request, headers);
    };
  }

  private static Headers standard(Request request, Headers headers) {
    String all = appended(headers, HeaderNames.FORWARDED, element(request));
    return headers
        .without(HeaderNames.X_FORWARDED_FOR)
        .without(HeaderNames.X_FORWARDED_PROTO)
        .without(HeaderNames.X_FORWARDED_HOST)
        .set(HeaderNames.FORWARDED, all);
  }

  private static Headers xForwarded(Request request, Headers headers) {
    Headers said = headers.without(HeaderNames.FORWARDED);
    String address = address(request.remoteAddress());
    if (address != null) {
      String all = appended(said, HeaderNames.X_FORWARDED_FOR, address);
      said = said.set(HeaderNames.X_FORWARDED_FOR, all);
    }
    said = said.set(HeaderNames.X_FORWARDED_PROTO, request.scheme());
    // Not what came: whoever is believed about it has its say in authority() already.
    said = said.without(HeaderNames.X_FORWARDED_HOST);
    return request.authority().isEmpty()
        ? said
        : said.set(HeaderNames.X_FORWARDED_HOST, request.authority());
  }

  private static String appended(Headers headers, String name, String element) {
    String before = String.join(", ", headers.all(name));
    return before.isEmpty() ? element : before + ", " + element;
  }

  /** RFC 7239 4: an IPv6 address stands in brackets and quotes, and so does what has a colon. */
  private static String element(Request request) {
    String address = address(request.remoteAddress());
    String node = address == null ? "unknown" : address;
    StringBuilder text = new StringBuilder("for=");
    text.append(node.indexOf(':') < 0 ? node : "\"[" + node + "]\"");
    text.append(";proto=").append(request.scheme());
    String authority = request.authority();
    if (!authority.isEmpty()) {
      text.append(";host=\"").append(authority).append('"');
    }
    return text.toString();
  }

  /** Null for those who have none: Unix domain sockets. */
  private static @Nullable String address(SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return null;
    }
    String text = inet.getAddress().getHostAddress();
    int zone = text.indexOf('%'); // of a link here, which means nothing elsewhere
    return zone < 0 ? text : text.substring(0, zone);
  }
}
