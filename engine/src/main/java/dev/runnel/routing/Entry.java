package dev.runnel.routing;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.engine.RouteMatch;
import dev.runnel.http.MediaType;
import dev.runnel.http.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route in its place in a router; a route that is mounted twice has two. */
final class Entry {
  private final Route route;
  private final PathPattern pattern;
  private final @Nullable HostPattern host;
  private final Scope scope;
  private final Handler handler;
  private final boolean hasSettings;
  private final @Nullable RouteMatch shared;

  Entry(Route route, PathPattern pattern, @Nullable HostPattern host, Scope scope) {
    this.route = route;
    this.pattern = pattern;
    this.host = host;
    this.scope = scope;
    this.handler = scope.compose(route.handler());
    this.hasSettings = route.hasSettings();
    boolean hasParams = pattern.params() > 0 || (host != null && host.param() != null);
    this.shared = hasParams ? null : new Match(this, pattern.text(), "");
  }

  /** Hands the call to the route; the path is decoded. */
  void run(Exchange exchange, String path, String hostName) throws Exception {
    exchange.matched(match(path, hostName));
    if (hasSettings) {
      route.apply(exchange.settings());
    }
    handler.handle(exchange);
  }

  RouteMatch match(String path, String hostName) {
    return shared != null ? shared : new Match(this, path, hostName);
  }

  Route route() {
    return route;
  }

  Method method() {
    return route.method();
  }

  PathPattern pattern() {
    return pattern;
  }

  @Nullable HostPattern host() {
    return host;
  }

  Scope scope() {
    return scope;
  }

  RouteInfo info() {
    return new RouteInfo(
        route.method(),
        host == null ? null : host.text(),
        pattern.text(),
        texts(route.produced()),
        texts(route.consumed()),
        route.name(),
        scope.filterCount(),
        route.declaredAt());
  }

  private static List<String> texts(List<MediaType> types) {
    return types.stream().map(MediaType::toString).toList();
  }

  @Override
  public String toString() {
    return info().toString();
  }

  /** Keeps the path; a parameter is cut out when somebody asks for it. */
  private record Match(Entry entry, String path, String hostName) implements RouteMatch {
    @Override
    public String pattern() {
      return entry.pattern.text();
    }

    @Override
    public @Nullable String param(String name) {
      if (entry.host != null && name.equals(entry.host.param())) {
        return HostPattern.label(hostName);
      }
      String value = entry.pattern.value(name, path);
      return value == null ? null : value.replace(PathText.ENCODED_SLASH, '/');
    }
  }
}
