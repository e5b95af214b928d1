package dev.runnel.routing;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Routes compiled into a handler. Immutable and safe from any thread.
 *
 * <p>What no route answers the router answers by itself: 404, 405 and {@code OPTIONS} with {@code
 * Allow}, {@code OPTIONS *}, 406, 415, the redirect of {@link TrailingSlash#REDIRECT}, 400 for a
 * path with malformed escapes, an encoded NUL, U+FFFF or slash, or a segment {@code .} or {@code
 * ..}, and 501 for CONNECT. An extended CONNECT (RFC 8441) that no route of its own answers is
 * routed as GET. These are responses, not failures, so that filters see and may change them. An
 * explicit route takes the place of any of them.
 *
 * <p>The cost of a request does not grow with the number of routes: a literal segment is one
 * look-up in a hash table. Only parameters of different kinds, types and regexes in one place are
 * tried one after the other.
 */
public final class Router implements Handler {
  private static final String PREFLIGHT_METHOD = "Access-Control-Request-Method";

  private final RouteTable table;
  private final RouterOptions options;
  private final Misses misses;

  private Router(RouteTable table, RouterOptions options) {
    this.table = table;
    this.options = options;
    this.misses = new Misses(table, options.trailingSlash());
  }

  /**
   * Compiles routes with default options.
   *
   * @throws RouteException if two routes match the same requests, or have the same name
   */
  public static Router of(Routes routes) {
    return of(routes, RouterOptions.DEFAULT);
  }

  /**
   * Compiles routes.
   *
   * @throws RouteException if two routes match the same requests, or have the same name
   */
  public static Router of(Routes routes, RouterOptions options) {
    return new Router(new RouteTable(routes), Objects.requireNonNull(options));
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Request request = exchange.request();
    Method method = request.method();
    if (!hasPath(method, request.target(), request.rawPath())) {
      give(exchange, misses.answerStar(method), "");
      return;
    }
    String host = table.hasHosts() ? HostPattern.hostOf(request.authority()) : "";
    String path;
    try {
      path = PathText.decode(request.rawPath(), options.encodedSlash());
    } catch (BadPath bad) {
      give(exchange, misses.badPath(bad), host);
      return;
    }
    Endpoint endpoint = table.trees().find(host, path, method);
    if (endpoint == null && isExtendedConnect(request)) {
      // RFC 8441 5: over HTTP/2 it asks for what GET with Upgrade asks for over HTTP/1.1.
      handle(exchange.with(request.withMethod(Method.GET)));
    } else if (endpoint != null) {
      run(exchange, endpoint, path, host);
    } else {
      give(exchange, misses.answer(ask(exchange, host, path)), host);
    }
  }

  /**
   * False for {@code OPTIONS *} and for CONNECT, but for extended CONNECT (RFC 8441), which has a
   * path.
   */
  private static boolean hasPath(Method method, String target, String rawPath) {
    boolean authority = method.equals(Method.CONNECT) && !target.startsWith("/");
    return rawPath.startsWith("/") && !authority;
  }

  private static boolean isExtendedConnect(Request request) {
    return request.method().equals(Method.CONNECT) && request.connectProtocol() != null;
  }

  private static Misses.Ask ask(Exchange exchange, String host, String path) {
    Request request = exchange.request();
    return new Misses.Ask(
        request.method(),
        host,
        request.rawPath(),
        path,
        request.rawQuery(),
        request.header(PREFLIGHT_METHOD),
        exchange.server().devMode());
  }

  private static void give(Exchange exchange, Answer answer, String host) throws Exception {
    if (answer instanceof Answer.Automatic automatic) {
      automatic.scope().answer(exchange, automatic.response());
    } else if (answer instanceof Answer.Found found) {
      run(exchange, found.endpoint(), found.path(), host);
    } else if (answer instanceof Answer.Given given) {
      given.entry().run(exchange, given.path(), host);
    }
  }

  private static void run(Exchange exchange, Endpoint endpoint, String path, String host)
      throws Exception {
    Entry only = endpoint.only();
    if (only != null) {
      only.run(exchange, path, host);
      return;
    }
    Entry chosen = Negotiation.choose(endpoint, exchange.request());
    if (chosen == null) {
      endpoint.scope().answer(exchange, Negotiation.refusal(endpoint, exchange.request()));
      return;
    }
    if (endpoint.variesByAccept()) {
      Negotiation.vary(exchange);
    }
    chosen.run(exchange, path, host);
  }

  /** All routes, in the order they were declared. */
  public List<RouteInfo> routes() {
    return table.entries().stream().map(Entry::info).toList();
  }

  /**
   * Why a request is routed as it is, as far as its header fields have no say.
   *
   * @param target the path, percent-encoded, with or without a query, or {@code *}
   */
  public Explanation explain(Method method, String target) {
    return explain(method, "", target);
  }

  /**
   * Why a request is routed as it is, as far as its header fields have no say.
   *
   * @param authority the host asked for, with or without a port
   * @param target the path, percent-encoded, with or without a query, or {@code *}
   */
  public Explanation explain(Method method, String authority, String target) {
    int mark = target.indexOf('?');
    String raw = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? null : target.substring(mark + 1);
    String host = HostPattern.hostOf(authority);
    if (!hasPath(method, target, raw)) {
      return explain(method, host, raw, "", misses.answerStar(method));
    }
    try {
      String path = PathText.decode(raw, options.encodedSlash());
      Endpoint found = table.trees().find(host, path, method);
      Misses.Ask ask = new Misses.Ask(method, host, raw, path, query, null, false);
      Answer answer = found != null ? new Answer.Found(found, path) : misses.answer(ask);
      return explain(method, host, raw, path, answer);
    } catch (BadPath bad) {
      return explain(method, host, raw, "", misses.badPath(bad));
    }
  }

  private Explanation explain(Method method, String host, String raw, String path, Answer answer) {
    Entry entry = null;
    String text;
    String matched = path;
    int filters;
    if (answer instanceof Answer.Automatic automatic) {
      text = automatic.why();
      filters = automatic.scope().filterCount();
    } else {
      entry = answer instanceof Answer.Given given ? given.entry() : first((Answer.Found) answer);
      matched = answer instanceof Answer.Found found ? found.path() : path;
      boolean fallback = answer instanceof Answer.Given given && given.fallback() != null;
      text = (fallback ? "fallback " + entry.pattern() : entry.toString()) + choice(answer);
      filters = entry.scope().filterCount();
    }
    return new Explanation(
        method,
        raw,
        text,
        entry == null ? null : entry.info(),
        entry == null ? Map.of() : params(entry, matched, host),
        filters,
        path.isEmpty() ? List.of() : new Nearest(method, host, path).list(table.entries(), entry));
  }

  private static Entry first(Answer.Found found) {
    return found.endpoint().entries().get(0);
  }

  private static String choice(Answer answer) {
    int count = answer instanceof Answer.Found found ? found.endpoint().entries().size() : 1;
    return count == 1 ? "" : ", or another of " + count + " as Accept and Content-Type say";
  }

  private static Map<String, String> params(Entry entry, String path, String host) {
    Map<String, String> params = new LinkedHashMap<>();
    HostPattern pattern = entry.host();
    if (pattern != null && pattern.param() != null) {
      params.put(pattern.param(), HostPattern.label(host));
    }
    for (int i = 0; i < entry.pattern().params(); i++) {
      String name = entry.pattern().name(i);
      String value = entry.match(path, host).param(name);
      if (value != null) {
        params.put(name, value);
      }
    }
    return params;
  }

  /**
   * The path of the route of this name, with parameters in the order of its pattern, prefixes
   * included. Each is percent-encoded; an optional one may be left out.
   *
   * @throws IllegalArgumentException if no route has this name, the route is mounted more than
   *     once, or a parameter is missing, superfluous or does not fit the pattern
   */
  public String url(String name, @Nullable Object... args) {
    return UrlTemplate.expand(
        only(table.named(name), "named '" + name + "'"), encodedSlash(), args);
  }

  /** Like {@link #url(String, Object...)}, with parameters by name. */
  public String url(String name, Map<String, ?> args) {
    return UrlTemplate.expand(
        only(table.named(name), "named '" + name + "'"), encodedSlash(), args);
  }

  /** Like {@link #url(String, Object...)}, for a route at hand. */
  public String url(Route route, @Nullable Object... args) {
    List<Entry> entries = table.entries().stream().filter(entry -> entry.route() == route).toList();
    return UrlTemplate.expand(only(entries, "of this router is " + route), encodedSlash(), args);
  }

  private boolean encodedSlash() {
    return options.encodedSlash();
  }

  private static PathPattern only(List<Entry> entries, String which) {
    if (entries.size() != 1) {
      throw new IllegalArgumentException(
          entries.isEmpty()
              ? "no route " + which
              : "the route is mounted " + entries.size() + " times: " + entries);
    }
    return entries.get(0).pattern();
  }
}
