package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.http.Uri;

/** Requests for the place that was meant, under another URL of it. */
final class SamePlace {
  private SamePlace() {}

  /**
   * The request with this URL. The Host that the caller set stays, which {@link Request#withUri}
   * would leave behind as one of another place.
   */
  static Request by(Uri uri, Request request) {
    return uri.equals(request.uri())
        ? request
        : request.withUri(uri).withHeaders(moved -> request.headers());
  }
}
