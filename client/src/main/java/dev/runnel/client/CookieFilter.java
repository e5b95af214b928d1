package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import java.util.List;
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
    // What the caller says stands in front of what the jar has; over HTTP/2 it may have come to him
    // in several fields (RFC 9113 8.2.3), which are one here.
    List<String> said = request.headers().all(HeaderNames.COOKIE);
    Request sent =
        kept == null
            ? request
            : request.withHeaders(headers -> headers.set(HeaderNames.COOKIE, joined(said, kept)));
    return Answered.then(
        next.send(sent),
        response -> {
          jar.receive(uri, response.headers());
          return response;
        });
  }

  private static String joined(List<String> said, String kept) {
    return said.isEmpty() ? kept : String.join("; ", said) + "; " + kept;
  }
}
