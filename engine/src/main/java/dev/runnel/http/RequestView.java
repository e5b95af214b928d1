package dev.runnel.http;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request seen with another method, place, header section, body or attribute; everything else is
 * the call's.
 */
final class RequestView implements Request {
  private final Request call;
  private final Method method;
  private final Headers headers;
  private final RequestBody body;
  private final @Nullable Uri uri;
  private final @Nullable Key<?> key;
  private final @Nullable Object value;

  private RequestView(
      Request call,
      Method method,
      Headers headers,
      RequestBody body,
      @Nullable Uri uri,
      @Nullable Key<?> key,
      @Nullable Object value) {
    this.call = call;
    this.method = method;
    this.headers = headers;
    this.body = body;
    this.uri = uri;
    this.key = key;
    this.value = value;
  }

  static Request withMethod(Request call, Method method) {
    return new RequestView(call, method, call.headers(), call.body(), null, null, null);
  }

  static Request withHeaders(Request call, Headers headers) {
    return new RequestView(call, call.method(), headers, call.body(), null, null, null);
  }

  static Request withBody(Request call, RequestBody body) {
    return new RequestView(call, call.method(), call.headers(), body, null, null, null);
  }

  static Request withUri(Request call, Uri uri) {
    Headers headers = call.headers().without(HeaderNames.HOST);
    return new RequestView(call, call.method(), headers, call.body(), uri, null, null);
  }

  static <T> Request with(Request call, Key<T> key, T value) {
    return new RequestView(call, call.method(), call.headers(), call.body(), null, key, value);
  }

  @Override
  public Uri uri() {
    return uri == null ? call.uri() : uri;
  }

  @Override
  public String toString() {
    return method + " " + (uri == null ? call.rawPath() : uri.origin() + uri.rawPath());
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public RequestBody body() {
    return body;
  }

  @Override
  public @Nullable Cookie cookie(String name) {
    return Cookie.find(headers, name);
  }

  @Override
  public boolean accepts(String mediaType) {
    return MediaType.accepts(headers, mediaType);
  }

  @Override
  public Method method() {
    return method;
  }

  @Override
  public @Nullable String connectProtocol() {
    return call.connectProtocol();
  }

  @Override
  public String target() {
    return uri == null ? call.target() : uri.target();
  }

  @Override
  public String rawPath() {
    return uri == null ? call.rawPath() : uri.rawPath();
  }

  @Override
  public @Nullable String rawQuery() {
    return uri == null ? call.rawQuery() : uri.rawQuery();
  }

  @Override
  public Version version() {
    return call.version();
  }

  @Override
  public String scheme() {
    return uri == null ? call.scheme() : uri.scheme();
  }

  @Override
  public String authority() {
    return uri == null ? call.authority() : uri.authority();
  }

  @Override
  public String path(String name) {
    return call.path(name);
  }

  @Override
  public @Nullable String pathOrNull(String name) {
    return call.pathOrNull(name);
  }

  @Override
  public QueryParams queryParams() {
    return uri == null ? call.queryParams() : uri.queryParams();
  }

  @Override
  public SocketAddress remoteAddress() {
    return call.remoteAddress();
  }

  @Override
  public SocketAddress localAddress() {
    return call.localAddress();
  }

  @Override
  public @Nullable TlsInfo tls() {
    return call.tls();
  }

  @Override
  public String id() {
    return call.id();
  }

  @Override
  public @Nullable String routePattern() {
    return call.routePattern();
  }

  @Override
  public long nanoTime() {
    return call.nanoTime();
  }

  @Override
  @SuppressWarnings("unchecked") // a key only ever stands with a value of its type
  public <T> @Nullable T attribute(Key<T> wanted) {
    return wanted.equals(key) ? (T) value : call.attribute(wanted);
  }

  @Override
  public <T> void attribute(Key<T> which, @Nullable T what) {
    call.attribute(which, what);
  }
}
