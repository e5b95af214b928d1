package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent: an immutable value. With a body that can be sent again it may be kept in a
 * constant and sent any number of times. Methods that look like changes return another request.
 *
 * <pre>
 *   Request.post("https://api.example/users").header("Accept", "application/json").json(user)
 * </pre>
 */
public final class OutgoingRequest implements Request {
  private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("local", 0);

  private final Method method;
  private final Uri uri;
  private final Headers headers;
  private final Body body;
  private final Map<Key<?>, Object> attributes;

  private OutgoingRequest(
      Method method, Uri uri, Headers headers, Body body, Map<Key<?>, Object> attributes) {
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
    this.attributes = attributes;
  }

  static OutgoingRequest of(Method method, Uri uri) {
    return new OutgoingRequest(
        Objects.requireNonNull(method), uri, Headers.EMPTY, Body.EMPTY, Map.of());
  }

  // --- changes ---

  /** This request with one more header line. */
  public OutgoingRequest header(String name, String value) {
    return headers(headers.with(name, value));
  }

  /** This request with all lines of this name replaced by one. */
  public OutgoingRequest setHeader(String name, String value) {
    return headers(headers.set(name, value));
  }

  /** This request with another header section. */
  public OutgoingRequest headers(Headers replacement) {
    return new OutgoingRequest(method, uri, replacement, body, attributes);
  }

  /** This request with one more parameter in its query, encoded here. */
  public OutgoingRequest query(String name, Object value) {
    return uri(uri.withQuery(name, value.toString()));
  }

  /** This request to another place. */
  public OutgoingRequest uri(Uri replacement) {
    return new OutgoingRequest(method, replacement, headers, body, attributes);
  }

  /** This request with another body; its Content-Type stays. */
  public OutgoingRequest body(Body replacement) {
    return new OutgoingRequest(
        method, uri, headers, Objects.requireNonNull(replacement), attributes);
  }

  /** This request with a body of this type. */
  public OutgoingRequest body(String mediaType, Body replacement) {
    return setHeader(HeaderNames.CONTENT_TYPE, mediaType).body(replacement);
  }

  /** This request with bytes of this type. */
  public OutgoingRequest body(String mediaType, Bytes bytes) {
    return body(mediaType, new Body.Whole(bytes));
  }

  /** This request with text in UTF-8. */
  public OutgoingRequest text(String text) {
    return body("text/plain; charset=utf-8", Bytes.utf8(text));
  }

  /** This request with bytes ({@code application/octet-stream}). */
  public OutgoingRequest bytes(byte[] bytes) {
    return body("application/octet-stream", Bytes.copyOf(bytes));
  }

  /** This request with a value as JSON, encoded now by {@link BodyCodec#json()}. */
  public OutgoingRequest json(Object value) {
    return body("application/json", Bytes.Unsafe.wrap(BodyCodec.json().encode(value)));
  }

  /** This request with a value kept beside it, for whoever sends it. */
  @Override
  public <T> OutgoingRequest with(Key<T> key, T value) {
    Map<Key<?>, Object> more = new HashMap<>(attributes);
    more.put(key, Objects.requireNonNull(value));
    return new OutgoingRequest(method, uri, headers, body, more);
  }

  // --- the request ---

  @Override
  public Method method() {
    return method;
  }

  @Override
  public Uri uri() {
    return uri;
  }

  @Override
  public String target() {
    return uri.target();
  }

  @Override
  public String rawPath() {
    return uri.rawPath();
  }

  @Override
  public @Nullable String rawQuery() {
    return uri.rawQuery();
  }

  /** What is asked for at most; which version it will be is found out when it is sent. */
  @Override
  public Version version() {
    return Version.HTTP_2;
  }

  @Override
  public String scheme() {
    return uri.scheme();
  }

  @Override
  public String authority() {
    return uri.authority();
  }

  @Override
  public Headers headers() {
    return headers;
  }

  /**
   * @throws NoSuchElementException always: no route has matched it
   */
  @Override
  public String path(String name) {
    throw new NoSuchElementException("no path parameter '" + name + "' in a request to be sent");
  }

  @Override
  public @Nullable String pathOrNull(String name) {
    return null;
  }

  @Override
  public QueryParams queryParams() {
    return uri.queryParams();
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
  public RequestBody body() {
    return new OutgoingBody(body, headers);
  }

  /** Where it goes. */
  @Override
  public SocketAddress remoteAddress() {
    return InetSocketAddress.createUnresolved(uri.host(), uri.port());
  }

  @Override
  public SocketAddress localAddress() {
    return NOWHERE;
  }

  @Override
  public String id() {
    return "outgoing";
  }

  @Override
  public @Nullable String routePattern() {
    return null;
  }

  /**
   * @throws IllegalStateException always: the clock is that of the loop that will send it
   */
  @Override
  public long nanoTime() {
    throw new IllegalStateException("a request to be sent is on no loop yet, and has no clock");
  }

  @Override
  @SuppressWarnings("unchecked") // a key is only ever stored with a value of its type
  public <T> @Nullable T attribute(Key<T> key) {
    return (T) attributes.get(key);
  }

  /**
   * @throws IllegalStateException always: it is a value, and {@link #with} makes another
   */
  @Override
  public <T> void attribute(Key<T> key, @Nullable T value) {
    throw new IllegalStateException(
        "a request to be sent is immutable: use with(" + key + ", …), which returns another one");
  }

  /** Method and place, without query and password, which may be secret. */
  @Override
  public String toString() {
    return method + " " + uri.origin() + uri.rawPath();
  }
}
