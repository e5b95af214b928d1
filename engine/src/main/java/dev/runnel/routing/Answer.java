package dev.runnel.routing;

import dev.runnel.http.Response;
import org.jspecify.annotations.Nullable;

/** What becomes of a request. */
sealed interface Answer {
  /**
   * The router answers by itself, behind the filters of a group.
   *
   * @param scope the group
   * @param response the answer
   * @param why in words
   */
  record Automatic(Scope scope, Response response, String why) implements Answer {}

  /**
   * One of these routes answers, as the header fields say.
   *
   * @param endpoint the routes
   * @param path the decoded path, as they match it
   */
  record Found(Endpoint endpoint, String path) implements Answer {}

  /**
   * This route answers; a fallback, or one for a target without a path.
   *
   * @param entry the route
   * @param path the decoded path
   * @param fallback what it falls back for, or null
   */
  record Given(Entry entry, String path, @Nullable String fallback) implements Answer {}
}
