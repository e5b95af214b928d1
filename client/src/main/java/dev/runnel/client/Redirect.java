package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Uri;
import java.util.Set;

/**
 * The request that a redirect leads to, as {@link RedirectPolicy} decided it.
 *
 * @param uri where it goes
 * @param method with which method
 * @param dropsBody whether it goes without the body of the request before
 * @param strips the names of the fields that must not go along, in lower case
 */
public record Redirect(Uri uri, Method method, boolean dropsBody, Set<String> strips) {
  /** A redirect. */
  public Redirect {
    strips = Set.copyOf(strips);
  }

  /**
   * The fields of the request before, without those that must not go along. Fields once left out
   * stay so if a later redirect leads back: decide each from the request before it.
   */
  public Headers apply(Headers fields) {
    Headers kept = fields;
    for (String name : strips) {
      kept = kept.without(name);
    }
    return kept;
  }
}
