package dev.runnel.routing;

import dev.runnel.engine.RouteMatch;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Cookie;
import dev.runnel.http.Headers;
import dev.runnel.http.MediaType;
import dev.runnel.http.Method;
import dev.runnel.http.QueryParams;
import dev.runnel.http.Request;
import dev.runnel.http.RequestBody;
import dev.runnel.http.Version;
import dev.runnel.io.Loop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The head of a request; its body is empty. */
final class FakeRequest implements Request, RequestBody {
  private final Method method;
  private final String target;
  private final Headers headers;
  private final Map<Key<?>, Object> attributes = new HashMap<>();
  @Nullable FakeExchange exchange;
  boolean hasBody;

  FakeRequest(String method, String target, Headers headers) {
    this.method = Method.of(method);
    this.target = target;
    this.headers = headers;
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
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }

  @Override
  public @Nullable String rawQuery() {
    int mark = target.indexOf('?');
    return mark < 0 ? null : target.substring(mark + 1);
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    String host = headers.get("Host");
    return host == null ? "" : host;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public String path(String name) {
    String value = pathOrNull(name);
    if (value == null) {
      throw new NoSuchElementException(name);
    }
    return value;
  }

  @Override
  public @Nullable String pathOrNull(String name) {
    RouteMatch match = exchange == null ? null : exchange.match;
    return match == null ? null : match.param(name);
  }

  @Override
  public QueryParams queryParams() {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Cookie cookie(String name) {
    return null;
  }

  @Override
  public boolean accepts(String mediaType) {
    return MediaType.accepts(headers, mediaType);
  }

  @Override
  public RequestBody body() {
    return this;
  }

  @Override
  public SocketAddress remoteAddress() {
    return InetSocketAddress.createUnresolved("client.example", 1);
  }

  @Override
  public SocketAddress localAddress() {
    return InetSocketAddress.createUnresolved("server.example", 80);
  }

  @Override
  public String id() {
    return "1";
  }

  @Override
  public @Nullable String routePattern() {
    RouteMatch match = exchange == null ? null : exchange.match;
    return match == null ? null : match.pattern();
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T attribute(Key<T> key) {
    return (T) attributes.get(key);
  }

  @Override
  public <T> void attribute(Key<T> key, @Nullable T value) {
    if (value == null) {
      attributes.remove(key);
    } else {
      attributes.put(key, value);
    }
  }

  @Override
  public boolean isEmpty() {
    return !hasBody;
  }

  @Override
  public long length() {
    return hasBody ? 1 : 0;
  }

  @Override
  public @Nullable Loop home() {
    return null;
  }

  @Override
  public BodyReader reader() {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] bytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String text() {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T json(Class<T> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QueryParams form() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<byte[]> bytesAsync() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<String> textAsync() {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> CompletionStage<T> jsonAsync(Class<T> type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<QueryParams> formAsync() {
    throw new UnsupportedOperationException();
  }
}
