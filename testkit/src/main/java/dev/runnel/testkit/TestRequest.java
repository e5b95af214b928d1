package dev.runnel.testkit;

import dev.runnel.http.Method;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.http.Uri;

/**
 * Requests of tests, where no host matters: {@code TestRequest.post("/users").json(user)}. They go
 * to {@code http://localhost}; one to another host is made with {@link Request#of}.
 */
public final class TestRequest {
  private static final Uri HERE = Uri.of("http://localhost/");

  private TestRequest() {}

  /**
   * A request.
   *
   * @param target a path, with a query or not, or a whole URL
   * @throws IllegalArgumentException if it is neither
   */
  public static OutgoingRequest of(Method method, String target) {
    if (target.startsWith("http://") || target.startsWith("https://")) {
      return Request.of(method, target);
    }
    if (!target.startsWith("/") || target.startsWith("//")) {
      throw new IllegalArgumentException(
          "a target is a path that starts with one slash, or a whole URL, but this is '"
              + target
              + "'");
    }
    return Request.of(method, HERE.resolve(target));
  }

  /** A GET request. */
  public static OutgoingRequest get(String target) {
    return of(Method.GET, target);
  }

  /** A HEAD request. */
  public static OutgoingRequest head(String target) {
    return of(Method.HEAD, target);
  }

  /** A POST request. */
  public static OutgoingRequest post(String target) {
    return of(Method.POST, target);
  }

  /** A PUT request. */
  public static OutgoingRequest put(String target) {
    return of(Method.PUT, target);
  }

  /** A PATCH request. */
  public static OutgoingRequest patch(String target) {
    return of(Method.PATCH, target);
  }

  /** A DELETE request. */
  public static OutgoingRequest delete(String target) {
    return of(Method.DELETE, target);
  }

  /** An OPTIONS request. */
  public static OutgoingRequest options(String target) {
    return of(Method.OPTIONS, target);
  }
}
