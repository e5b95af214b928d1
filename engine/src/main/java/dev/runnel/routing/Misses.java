package dev.runnel.routing;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Method;
import dev.runnel.http.Problem;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is answered where no route matches method and path at once. */
final class Misses {
  private static final int SHOWN = 5;
  private static final Response NOT_FOUND = Response.notFound();
  private static final List<Method> USUAL_ORDER =
      List.of(
          Method.GET,
          Method.HEAD,
          Method.POST,
          Method.PUT,
          Method.PATCH,
          Method.DELETE,
          Method.OPTIONS);

  private final RouteTable table;
  private final TrailingSlash policy;

  /**
   * What is asked.
   *
   * @param method the method
   * @param host in lower case, without a port
   * @param raw the path as it came
   * @param path the path decoded
   * @param query as it came, or null
   * @param preflightFor the method that a preflight asks about, or null
   * @param devMode whether to say which routes are near
   */
  record Ask(
      Method method,
      String host,
      String raw,
      String path,
      @Nullable String query,
      @Nullable String preflightFor,
      boolean devMode) {}

  Misses(RouteTable table, TrailingSlash policy) {
    this.table = table;
    this.policy = policy;
  }

  Answer answer(Ask ask) {
    boolean strict = policy == TrailingSlash.STRICT || ask.path().startsWith("//");
    String other = strict ? ask.path() : PathText.otherSlash(ask.path());
    if (!other.equals(ask.path())) {
      Endpoint found = table.trees().find(ask.host(), other, ask.method());
      if (found != null) {
        return otherSlash(ask, found, other);
      }
    }
    List<Leaf> leaves = table.trees().collect(ask.host(), ask.path());
    if (!other.equals(ask.path())) {
      leaves.addAll(table.trees().collect(ask.host(), other));
    }
    if (!leaves.isEmpty()) {
      return otherMethod(ask, leaves, other);
    }
    Entry fallback = table.fallback(ask.host(), ask.path());
    return fallback != null ? new Answer.Given(fallback, ask.path(), "no route") : notFound(ask);
  }

  private Answer otherSlash(Ask ask, Endpoint found, String other) {
    if (policy == TrailingSlash.IGNORE || ask.method().equals(Method.OPTIONS)) {
      return new Answer.Found(found, other);
    }
    String location = PathText.otherSlash(ask.raw());
    String target = ask.query() == null ? location : location + "?" + ask.query();
    Response response = Response.redirect(Status.PERMANENT_REDIRECT, target);
    return new Answer.Automatic(found.scope(), response, "308 to " + target);
  }

  private Answer otherMethod(Ask ask, List<Leaf> leaves, String other) {
    List<Endpoint> endpoints = new ArrayList<>();
    leaves.forEach(leaf -> endpoints.addAll(leaf.endpoints()));
    String allow = allow(endpoints.stream().map(Endpoint::method).toList());
    Scope scope = scope(ask, endpoints, other);
    if (ask.method().equals(Method.OPTIONS)) {
      return new Answer.Automatic(scope, options(allow), "204 to OPTIONS, Allow: " + allow);
    }
    Response response =
        Problem.of(
                Status.METHOD_NOT_ALLOWED,
                ask.method() + " is not allowed here; allowed are " + allow)
            .toResponse()
            .header(HeaderNames.ALLOW, allow);
    return new Answer.Automatic(scope, response, "405, Allow: " + allow);
  }

  /**
   * The filters to run: those that all these routes have in common. A preflight is about one method
   * (Fetch 4.8), so it sees all filters of that one route, which may be the only one behind a CORS
   * filter.
   */
  private Scope scope(Ask ask, List<Endpoint> endpoints, String other) {
    if (ask.method().equals(Method.OPTIONS) && ask.preflightFor() != null) {
      Endpoint wanted = preflighted(ask, ask.preflightFor(), other);
      if (wanted != null) {
        return wanted.scope();
      }
    }
    Scope common = endpoints.get(0).scope();
    for (Endpoint endpoint : endpoints) {
      common = Scope.common(common, endpoint.scope());
    }
    return common;
  }

  private @Nullable Endpoint preflighted(Ask ask, String name, String other) {
    Method method;
    try {
      method = Method.of(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
    Endpoint found = table.trees().find(ask.host(), ask.path(), method);
    return found != null ? found : table.trees().find(ask.host(), other, method);
  }

  /**
   * What is answered to a target that is no path: {@code OPTIONS *}, or CONNECT, which nobody asked
   * us to serve.
   */
  Answer answerStar(Method method) {
    Entry star = table.star(method);
    if (star != null) {
      return new Answer.Given(star, "*", null);
    }
    if (method.equals(Method.OPTIONS)) {
      String allow = allow(table.entries().stream().map(Entry::method).toList());
      return new Answer.Automatic(table.root(), options(allow), "204 to OPTIONS *");
    }
    Status status = method.equals(Method.CONNECT) ? Status.NOT_IMPLEMENTED : Status.BAD_REQUEST;
    String detail = method + " with a target that is not a path is not supported";
    Response response = Problem.of(status, detail).toResponse();
    return new Answer.Automatic(table.root(), response, status + ": " + detail);
  }

  Answer badPath(BadPath bad) {
    Response response = Problem.of(Status.BAD_REQUEST, bad.complaint()).toResponse();
    return new Answer.Automatic(table.root(), response, "400: " + bad.complaint());
  }

  private Answer notFound(Ask ask) {
    return new Answer.Automatic(table.root(), ask.devMode() ? nearest(ask) : NOT_FOUND, "404");
  }

  private Response nearest(Ask ask) {
    List<String> near =
        new Nearest(ask.method(), ask.host(), ask.path())
            .list(table.entries(), null).stream()
                .limit(SHOWN)
                .map(Explanation.Miss::toString)
                .toList();
    return Problem.of(Status.NOT_FOUND, "no route matches " + ask.method() + " " + ask.raw())
        .with("nearest", near)
        .toResponse();
  }

  private static Response options(String allow) {
    return Response.noContent().header(HeaderNames.ALLOW, allow);
  }

  /** The usual methods in the usual order, then others; HEAD comes with GET, OPTIONS always. */
  private static String allow(List<Method> declared) {
    Set<Method> all = new LinkedHashSet<>(declared);
    if (all.contains(Method.GET)) {
      all.add(Method.HEAD);
    }
    all.add(Method.OPTIONS);
    Set<Method> sorted = new LinkedHashSet<>(USUAL_ORDER);
    sorted.retainAll(all);
    sorted.addAll(all);
    return String.join(", ", sorted.stream().map(Method::name).toList());
  }
}
