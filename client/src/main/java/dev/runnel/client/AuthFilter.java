package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import java.util.concurrent.CompletionStage;

/**
 * Turns the user and password of a URL into Authorization, unless the request has one: in the URL
 * they would go nowhere (RFC 9110 4.2.4).
 */
final class AuthFilter implements ClientFilter {
  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    Uri uri = request.uri();
    String credentials = uri.rawUserInfo() == null ? null : Credentials.of(uri);
    if (credentials == null) {
      return next.send(request);
    }
    boolean said = request.headers().get(HeaderNames.AUTHORIZATION) != null;
    Request bare = SamePlace.by(uri.withoutUserInfo(), request);
    return next.send(
        said
            ? bare
            : bare.withHeaders(headers -> headers.set(HeaderNames.AUTHORIZATION, credentials)));
  }
}
