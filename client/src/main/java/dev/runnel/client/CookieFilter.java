package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import java.util.concurrent.CompletionStage;

/** Sends the cookies of a jar, and keeps there what servers set. */
final class CookieFilter implements ClientFilter {
  private final CookieJar jar;

  CookieFilter(CookieJar jar) {
    this.jar = jar;
  }

  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    Uri uri = request.uri();
    String kept = jar.fieldFor(uri);
    // What the caller says stands in front of what the jar has.
    String said = request.headers().get(HeaderNames.COOKIE);
    Request sent =
        kept == null
            ? request
            : request.withHeaders(
                headers ->
                    headers.set(HeaderNames.COOKIE, said == null ? kept : said + "; " + kept));
    return next.send(sent)
        .thenApply(
            response -> {
              jar.receive(uri, response.headers());
              return response;
            });
  }
}
