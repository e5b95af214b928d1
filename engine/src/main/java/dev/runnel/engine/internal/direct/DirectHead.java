package dev.runnel.engine.internal.direct;

import dev.runnel.engine.internal.exchange.WireHead;
import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Uri;
import dev.runnel.http.Version;
import org.jspecify.annotations.Nullable;

/** The head of a request as a server would have received it. Says HTTP/1.1, which has upgrades. */
record DirectHead(Method method, Uri uri, Headers headers, long bodyLength) implements WireHead {
  static DirectHead of(Request request) {
    Uri uri = request.uri();
    Headers headers = request.headers();
    if (!headers.contains(HeaderNames.HOST)) {
      headers = headers.with(HeaderNames.HOST, uri.authority());
    }
    Body body = request.body().toBody();
    long length = body.length();
    if (length > 0) {
      headers = headers.set(HeaderNames.CONTENT_LENGTH, Long.toString(length));
    }
    return new DirectHead(request.method(), uri, headers, length);
  }

  private boolean isConnect() {
    return method.equals(Method.CONNECT);
  }

  /** RFC 9112 3.2.3: that of CONNECT is host and port. */
  @Override
  public String target() {
    return isConnect() ? authority() : uri.target();
  }

  @Override
  public String rawPath() {
    return isConnect() ? "/" : uri.rawPath();
  }

  @Override
  public @Nullable String rawQuery() {
    return isConnect() ? null : uri.rawQuery();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public @Nullable String scheme() {
    return uri.isSecure() ? "https" : "http";
  }

  @Override
  public String authority() {
    String host = headers.get(HeaderNames.HOST);
    String said = host == null ? uri.authority() : host;
    return isConnect() ? uri.host() + ':' + uri.port() : said;
  }
}
