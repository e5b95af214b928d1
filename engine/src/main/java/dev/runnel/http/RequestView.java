package dev.runnel.http;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A request seen with another method, header section or body; everything else is the call's. */
final class RequestView implements Request {
  private final Request call;
  private final Method method;
  private final Headers headers;
  private final RequestBody body;

  private RequestView(Request call, Method method, Headers headers, RequestBody body) {
    this.call = call;
    this.method = method;
    this.headers = headers;
    this.body = body;
  }

  static Request withMethod(Request call, Method method) {
    return new RequestView(call, method, call.headers(), call.body());
  }

  static Request withHeaders(Request call, Headers headers) {
    return new RequestView(call, call.method(), headers, call.body());
  }

  static Request withBody(Request call, RequestBody body) {
    return new RequestView(call, call.method(), call.headers(), body);
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
    return call.target();
  }

  @Override
  public String rawPath() {
    return call.rawPath();
  }

  @Override
  public @Nullable String rawQuery() {
    return call.rawQuery();
  }

  @Override
  public Version version() {
    return call.version();
  }

  @Override
  public String scheme() {
    return call.scheme();
  }

  @Override
  public String authority() {
    return call.authority();
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
    return call.queryParams();
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
  public <T> @Nullable T attribute(Key<T> key) {
    return call.attribute(key);
  }

  @Override
  public <T> void attribute(Key<T> key, @Nullable T value) {
    call.attribute(key, value);
  }
}
