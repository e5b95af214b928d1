package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.exchange.WireHead;
import dev.runnel.http.HeaderBlock;
import dev.runnel.http.Method;
import dev.runnel.http.Version;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request that keeps all rules. Immutable and on its own storage, so it may be kept;
 * parts become strings when somebody asks for them.
 */
public final class RequestHead implements WireHead {
  private static final int CHUNKED = 1;
  private static final int CLOSE = 1 << 1;
  private static final int KEEP_ALIVE = 1 << 2;
  private static final int EXPECT_CONTINUE = 1 << 3;
  private static final int UPGRADE = 1 << 4;

  private final Method method;
  private final String target;
  private final @Nullable String scheme;
  private final int authorityStart;
  private final int authorityEnd;
  private final int pathStart;
  private final int pathEnd;
  private final Version version;
  private final HeaderBlock headers;
  private final int host;
  private final long contentLength;
  private final int flags;

  // Made when asked for; two threads that race make equal strings.
  private @Nullable String authority;
  private @Nullable String path;

  RequestHead(byte[] data, RequestLine line, KnownFields fields, HeaderBlock headers) {
    RequestTarget parts = line.target();
    this.method = line.method();
    this.target = parts.text(data);
    this.scheme = parts.scheme();
    this.authorityStart = parts.authorityStart();
    this.authorityEnd = parts.authorityEnd();
    this.pathStart = parts.pathStart();
    this.pathEnd = parts.pathEnd();
    this.version = line.version();
    this.headers = headers;
    this.host = fields.host();
    this.contentLength = fields.contentLength();
    this.flags = flags(fields, line.version());
  }

  /** Neither an expectation nor an upgrade means anything in HTTP/1.0 (RFC 9110 10.1.1, 7.8). */
  private static int flags(KnownFields fields, Version version) {
    boolean modern = version != Version.HTTP_1_0;
    boolean body = fields.chunked() || fields.contentLength() > 0;
    return (fields.chunked() ? CHUNKED : 0)
        | (fields.closeRequested() ? CLOSE : 0)
        | (fields.keepAliveRequested() ? KEEP_ALIVE : 0)
        | (fields.expectContinue() && body && modern ? EXPECT_CONTINUE : 0)
        | (fields.upgradeRequested() && modern ? UPGRADE : 0);
  }

  /** The method. */
  @Override
  public Method method() {
    return method;
  }

  /** The target as it came, in whatever form. */
  @Override
  public String target() {
    return target;
  }

  /**
   * The scheme that a target in absolute form names, {@code http} or {@code https}; null for the
   * other forms.
   */
  @Override
  public @Nullable String scheme() {
    return scheme;
  }

  /**
   * The host and port the client asked for: from the target if it names one, which overrides Host
   * (RFC 9112 3.2.2), else from the Host field; empty when there is none.
   */
  @Override
  public String authority() {
    String known = authority;
    if (known == null) {
      known = findAuthority();
      authority = known;
    }
    return known;
  }

  private String findAuthority() {
    if (authorityEnd > authorityStart) {
      return target.substring(authorityStart, authorityEnd);
    }
    return host < 0 ? "" : headers.value(host);
  }

  /**
   * The path as it came: the target itself when it has no query; {@code *} for OPTIONS on the whole
   * server, {@code /} for CONNECT and for a URI without a path.
   */
  @Override
  public String rawPath() {
    String known = path;
    if (known == null) {
      known = findPath();
      path = known;
    }
    return known;
  }

  private String findPath() {
    if (pathStart < pathEnd) {
      return target.substring(pathStart, pathEnd);
    }
    // RFC 9112 3.2.4: such a URI is how a client asks a proxy for the whole server.
    boolean wholeServer = method.equals(Method.OPTIONS) && pathEnd == target.length();
    return wholeServer ? "*" : "/";
  }

  /** The query as it came, without the question mark; null when there is none. */
  @Override
  public @Nullable String rawQuery() {
    return pathEnd < target.length() ? target.substring(pathEnd + 1) : null;
  }

  /** HTTP/1.0 or HTTP/1.1. */
  @Override
  public Version version() {
    return version;
  }

  /** The header section. */
  @Override
  public HeaderBlock headers() {
    return headers;
  }

  /** The length of the body in bytes, or -1 when none is declared. */
  public long contentLength() {
    return contentLength;
  }

  @Override
  public long bodyLength() {
    return has(CHUNKED) ? -1 : Math.max(0, contentLength);
  }

  /** Whether a body in chunks follows; there is no Content-Length then. */
  public boolean chunked() {
    return has(CHUNKED);
  }

  /** Whether a body follows that has bytes or may have some. */
  public boolean hasBody() {
    return has(CHUNKED) || contentLength > 0;
  }

  /** Whether the client said {@code Connection: close}. */
  public boolean closeRequested() {
    return has(CLOSE);
  }

  /** Whether the client said {@code Connection: keep-alive}. */
  public boolean keepAliveRequested() {
    return has(KEEP_ALIVE);
  }

  /**
   * Whether the client lets the connection live on: by default in HTTP/1.1, on demand in HTTP/1.0
   * (RFC 9112 9.3).
   */
  public boolean persistent() {
    return !has(CLOSE) && (version != Version.HTTP_1_0 || has(KEEP_ALIVE));
  }

  /**
   * Whether the client waits for 100 before it sends its body; never without a body, nor in
   * HTTP/1.0.
   */
  public boolean expectContinue() {
    return has(EXPECT_CONTINUE);
  }

  /**
   * Whether the client said {@code Connection: upgrade} and named a protocol; never in HTTP/1.0.
   */
  public boolean upgradeRequested() {
    return has(UPGRADE);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The request line without the query, which may be secret. */
  @Override
  public String toString() {
    return method + " " + rawPath() + " " + version;
  }
}
