package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.WireHead;
import dev.runnel.engine.internal.syntax.Authority;
import dev.runnel.engine.internal.syntax.TargetOctets;
import dev.runnel.http.HeaderBlock;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Version;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The head of a request over HTTP/2 (RFC 9113 8.3.1). Immutable. */
final class Http2Head implements WireHead {
  private final Method method;
  private final @Nullable String scheme;
  private final String authority;
  private final String target;
  private final int pathEnd;
  private final @Nullable String protocol;
  private final Headers headers;
  private final long bodyLength;
  private final long contentLength;

  private Http2Head(
      Method method,
      HeaderFields fields,
      String authority,
      String target,
      HeaderBlock headers,
      boolean end) {
    this.method = method;
    this.scheme = fields.scheme;
    this.authority = authority;
    this.target = target;
    int question = target.indexOf('?');
    this.pathEnd = question < 0 ? target.length() : question;
    this.protocol = fields.protocol;
    this.headers = headers;
    boolean none = end || method.equals(Method.CONNECT);
    this.contentLength = none ? -1 : fields.contentLength();
    this.bodyLength = none ? 0 : contentLength;
  }

  /** The head of a request that the server makes itself, to push its answer. */
  Http2Head(Http2Head asked, String target, Headers headers) {
    this.method = Method.GET;
    this.scheme = asked.scheme;
    this.authority = asked.authority;
    this.target = target;
    int question = target.indexOf('?');
    this.pathEnd = question < 0 ? target.length() : question;
    this.protocol = null;
    this.headers = headers.contains("host") ? headers : headers.with("host", authority);
    this.bodyLength = 0;
    this.contentLength = -1;
  }

  /**
   * Makes a head of decoded fields.
   *
   * @param end whether the stream ended with it
   * @throws Http2Error of the stream, if the request is malformed
   */
  static Http2Head of(int stream, HeaderFields fields, boolean end) throws Http2Error {
    String flaw = flaw(fields, end);
    if (flaw != null) {
      throw Http2Error.stream(stream, ErrorCode.PROTOCOL_ERROR, "malformed request: " + flaw);
    }
    String host = fields.host();
    String said = fields.authority;
    String authority = said != null ? said : host != null ? host : "";
    boolean tunnel = isTunnel(fields);
    String path = fields.path;
    return new Http2Head(
        Method.of(String.valueOf(fields.method)),
        fields,
        authority,
        tunnel || path == null ? authority : path,
        fields.toBlock(host == null && said != null ? said : null),
        end);
  }

  private static boolean isTunnel(HeaderFields fields) {
    return "CONNECT".equals(fields.method) && fields.protocol == null;
  }

  private static @Nullable String flaw(HeaderFields fields, boolean end) {
    if (fields.flaw() != null) {
      return fields.flaw();
    }
    if (fields.method == null) {
      return "no :method";
    }
    if (fields.status != null) {
      return ":status in a request";
    }
    if (!isToken(fields.method)) {
      return "bad :method";
    }
    if (end && fields.contentLength() > 0) {
      return "content-length without content";
    }
    String flaw = authorityFlaw(fields);
    if (flaw != null) {
      return flaw;
    }
    return isTunnel(fields) ? tunnelFlaw(fields) : targetFlaw(fields);
  }

  private static boolean isToken(String method) {
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      if (c > 0x7F || !dev.runnel.engine.internal.syntax.Octets.isToken((byte) c)) {
        return false;
      }
    }
    return !method.isEmpty();
  }

  private static @Nullable String authorityFlaw(HeaderFields fields) {
    String said = fields.authority;
    String host = fields.host();
    if (said != null && host != null && !said.equalsIgnoreCase(host)) {
      return ":authority and host differ";
    }
    String authority = said != null ? said : host;
    if (authority == null) {
      return "neither :authority nor host"; // http and https demand one (RFC 9113 8.3.1)
    }
    byte[] bytes = authority.getBytes(StandardCharsets.ISO_8859_1);
    String flaw = Authority.flaw(bytes, 0, bytes.length);
    return flaw == null ? null : "bad authority, " + flaw;
  }

  private static @Nullable String tunnelFlaw(HeaderFields fields) {
    if (fields.scheme != null || fields.path != null) {
      return "CONNECT with :scheme or :path";
    }
    if (fields.authority == null) {
      return "CONNECT without :authority";
    }
    byte[] bytes = fields.authority.getBytes(StandardCharsets.ISO_8859_1);
    String flaw = Authority.tunnelFlaw(bytes, 0, bytes.length);
    return flaw == null ? null : "bad authority, " + flaw;
  }

  private static @Nullable String targetFlaw(HeaderFields fields) {
    if (fields.protocol != null && (!"CONNECT".equals(fields.method) || fields.authority == null)) {
      return ":protocol without CONNECT and :authority"; // RFC 8441 4
    }
    if (!"http".equals(fields.scheme) && !"https".equals(fields.scheme)) {
      return fields.scheme == null ? "no :scheme" : ":scheme is neither http nor https";
    }
    String path = fields.path;
    if (path == null || path.isEmpty()) {
      return "no :path";
    }
    if (path.equals("*")) {
      return "OPTIONS".equals(fields.method) ? null : "'*' is for OPTIONS only";
    }
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    return bytes[0] == '/' ? TargetOctets.flaw(bytes, 0, bytes.length) : ":path without '/'";
  }

  @Override
  public Method method() {
    return method;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public String rawPath() {
    return isPlainConnect() ? "/" : target.substring(0, pathEnd);
  }

  private boolean isPlainConnect() {
    return method.equals(Method.CONNECT) && protocol == null;
  }

  @Override
  public @Nullable String rawQuery() {
    return pathEnd < target.length() ? target.substring(pathEnd + 1) : null;
  }

  @Override
  public Version version() {
    return Version.HTTP_2;
  }

  @Override
  public @Nullable String scheme() {
    return scheme;
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public @Nullable String protocol() {
    return protocol;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public long bodyLength() {
    return bodyLength;
  }

  /** What DATA must add up to, or -1 if nobody said or none follows. */
  long contentLength() {
    return contentLength;
  }

  /** The request line as a reader of logs knows it, without the query, which may be secret. */
  @Override
  public String toString() {
    return method + " " + rawPath() + " " + version();
  }
}
