package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import java.util.concurrent.CompletionStage;

/** Asks over TLS where a host wants only that, and learns which hosts do (RFC 6797). */
final class HstsFilter implements ClientFilter {
  private final HstsStore store;

  HstsFilter(HstsStore store) {
    this.store = store;
  }

  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    Uri uri = store.upgrade(request.uri());
    return Answered.then(
        next.send(SamePlace.by(uri, request)),
        response -> {
          store.receive(uri, response.headers());
          return response;
        });
  }
}
