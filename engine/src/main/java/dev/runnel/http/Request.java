package dev.runnel.http;

import java.net.SocketAddress;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request: head, addresses, what the router matched, and the body to be read. The head is
 * immutable and may be kept; attributes belong to the call and are shared by all decorations of its
 * request.
 */
public interface Request {
  /** A request to be sent. */
  static OutgoingRequest of(Method method, Uri uri) {
    return OutgoingRequest.of(method, uri);
  }

  /**
   * A request to be sent.
   *
   * @throws IllegalArgumentException if the text is no absolute URL; see {@link Uri#of}
   */
  static OutgoingRequest of(Method method, String uri) {
    return of(method, Uri.of(uri));
  }

  /** A GET request to be sent. */
  static OutgoingRequest get(String uri) {
    return of(Method.GET, uri);
  }

  /** A HEAD request to be sent. */
  static OutgoingRequest head(String uri) {
    return of(Method.HEAD, uri);
  }

  /** A POST request to be sent. */
  static OutgoingRequest post(String uri) {
    return of(Method.POST, uri);
  }

  /** A PUT request to be sent. */
  static OutgoingRequest put(String uri) {
    return of(Method.PUT, uri);
  }

  /** A PATCH request to be sent. */
  static OutgoingRequest patch(String uri) {
    return of(Method.PATCH, uri);
  }

  /** A DELETE request to be sent. */
  static OutgoingRequest delete(String uri) {
    return of(Method.DELETE, uri);
  }

  /** An OPTIONS request to be sent. */
  static OutgoingRequest options(String uri) {
    return of(Method.OPTIONS, uri);
  }

  /** The method. */
  Method method();

  /** The request target as it came: {@code /a/b?c=d}, {@code *}, or an authority for CONNECT. */
  String target();

  /**
   * The path of the target as it came, still percent-encoded; {@code /} at least, {@code *} for
   * OPTIONS *.
   */
  String rawPath();

  /** The query of the target as it came, without the question mark; null when there is none. */
  @Nullable String rawQuery();

  /**
   * The protocol that an extended CONNECT asks for, such as {@code websocket} (RFC 8441 4); null
   * for every other request.
   */
  default @Nullable String connectProtocol() {
    return null;
  }

  /** The version the peer speaks. */
  Version version();

  /** {@code http} or {@code https}, as the client sees it (a trusted proxy may have said so). */
  String scheme();

  /**
   * The host and port the client asked for, from the target or the Host field; empty when HTTP/1.0
   * gave none.
   */
  String authority();

  /**
   * The whole URL asked for, of scheme, authority, path and query.
   *
   * @throws IllegalArgumentException if a request to be sent is for none (CONNECT, OPTIONS *)
   * @throws HttpError 400 if a client asked for none: no host (HTTP/1.0), or what is no host
   */
  default Uri uri() {
    boolean tunnel = method().equals(Method.CONNECT) && connectProtocol() == null;
    String path = rawPath();
    if (tunnel || !path.startsWith("/")) {
      throw new IllegalArgumentException("no URL is asked for by " + method() + " " + target());
    }
    String query = rawQuery();
    return Uri.of(scheme() + "://" + authority() + path + (query == null ? "" : '?' + query));
  }

  /** The header section. */
  Headers headers();

  /** The first value of a header field, or null. */
  default @Nullable String header(String name) {
    return headers().get(name);
  }

  /**
   * A path parameter of the matched route, percent-decoded.
   *
   * @throws NoSuchElementException if the route has no parameter of this name
   */
  String path(String name);

  /**
   * Like {@link #path(String)}, but null where the route has no such parameter or an optional one
   * is absent.
   */
  @Nullable String pathOrNull(String name);

  /**
   * A path parameter as an int. Best declared {@code {id:int}}, so that other paths do not match at
   * all.
   *
   * @throws HttpError 400 if it is not one
   */
  default int pathInt(String name) {
    String text = path(name);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw HttpError.badRequest(
          "path parameter '" + name + "' must be an integer, but is '" + text + "'");
    }
  }

  /** The first query parameter of this name, decoded, or null. */
  default @Nullable String query(String name) {
    return queryParams().get(name);
  }

  /** The query, decoded. */
  QueryParams queryParams();

  /** The first cookie of this name that the client sent, or null. */
  @Nullable Cookie cookie(String name);

  /**
   * Whether the Accept field admits this media type with a weight above 0; true when there is no
   * Accept field.
   */
  boolean accepts(String mediaType);

  /** The body. */
  RequestBody body();

  /** The peer of the connection, or the client that a trusted proxy named. */
  SocketAddress remoteAddress();

  /** Our end of the connection. */
  SocketAddress localAddress();

  /** What TLS agreed on for this connection; null when its bytes came in clear. */
  default @Nullable TlsInfo tls() {
    return null;
  }

  /**
   * Identifies the call in logs and error answers. Unique within a server run unless a filter set
   * it.
   */
  String id();

  /** The pattern of the matched route, or null before routing. */
  @Nullable String routePattern();

  /** The loop's clock now, in nanoseconds: what timings of this call are measured with. */
  long nanoTime();

  /** A value kept with the call, or null. */
  <T> @Nullable T attribute(Key<T> key);

  /** Keeps a value with the call, seen by everything that sees the call, or removes it (null). */
  <T> void attribute(Key<T> key, @Nullable T value);

  /** This request with another method: HEAD run as GET, a method override of a form. */
  default Request withMethod(Method method) {
    return RequestView.withMethod(this, method);
  }

  /** This request to another place: what a proxy sends on. Host is not kept. */
  default Request withUri(Uri uri) {
    return RequestView.withUri(this, uri);
  }

  /** This request with a value kept beside it that only this view has. */
  default <T> Request with(Key<T> key, T value) {
    return RequestView.with(this, key, value);
  }

  /** This request with another header section. */
  default Request withHeaders(UnaryOperator<Headers> edit) {
    return RequestView.withHeaders(this, edit.apply(headers()));
  }

  /** This request with a body decorated: decompressed, counted, limited. */
  default Request withBody(UnaryOperator<RequestBody> edit) {
    return RequestView.withBody(this, edit.apply(body()));
  }

  /**
   * The name of an attribute; two keys are equal only if they are the same object.
   *
   * @param <T> the type of the value
   */
  @SuppressWarnings("UnusedTypeParameter") // ties the value's type to the key
  final class Key<T> {
    private final String name;

    private Key(String name) {
      this.name = name;
    }

    /** A new key. */
    public static <T> Key<T> of(String name) {
      return new Key<>(Objects.requireNonNull(name));
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
