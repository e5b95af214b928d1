package dev.runnel.routing;

import dev.runnel.engine.Filter;
import dev.runnel.engine.Handler;
import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one implementation of {@link RouteBuilder}: collects what is declared, checks each pattern at
 * once.
 */
final class GroupBuilder implements RouteBuilder {
  private final PathPattern prefix;
  private final @Nullable HostPattern host;
  private final List<Filter> filters = new ArrayList<>();
  private final List<GroupMember> members = new ArrayList<>();
  private Group.@Nullable Fallback fallback;
  private @Nullable Route last;
  private boolean built;

  private GroupBuilder(PathPattern prefix, @Nullable HostPattern host) {
    this.prefix = prefix;
    this.host = host;
  }

  /** The outermost group; its routes can be set up until the function returns. */
  static Group build(
      PathPattern prefix, @Nullable HostPattern host, Consumer<RouteBuilder> declare) {
    Group group = declare(prefix, host, host, declare);
    seal(group);
    return group;
  }

  private static Group declare(
      PathPattern prefix,
      @Nullable HostPattern host,
      @Nullable HostPattern ownHost,
      Consumer<RouteBuilder> declare) {
    GroupBuilder builder = new GroupBuilder(prefix, host);
    declare.accept(builder);
    builder.built = true;
    return new Group(
        prefix,
        ownHost,
        List.copyOf(builder.filters),
        List.copyOf(builder.members),
        builder.fallback);
  }

  private static void seal(Group group) {
    for (GroupMember member : group.members()) {
      if (member instanceof Route route) {
        route.seal();
      } else if (member instanceof Group inner) {
        seal(inner);
      }
    }
  }

  @Override
  public Route route(Method method, String pattern, Handler handler) {
    requireOpen();
    String at = Declared.here();
    PathPattern whole = whole(method, pattern, at);
    Route route = new Route(method, whole, host, handler, at);
    members.add(route);
    last = route;
    return route;
  }

  private PathPattern whole(Method method, String pattern, String at) {
    if (!pattern.equals("*")) {
      return prefix.join(PatternParser.parse(pattern, at), at);
    }
    boolean targetForm = method.equals(Method.OPTIONS) || method.equals(Method.CONNECT);
    if (!targetForm || !prefix.isRoot() || host != null) {
      throw new RouteException(
          "pattern '*' ("
              + at
              + ") stands for OPTIONS * and CONNECT outside of prefixes and hosts;"
              + " for any path write '/{rest...}'");
    }
    return PathPattern.STAR;
  }

  @Override
  public RouteBuilder with(Consumer<Route> settings) {
    requireOpen();
    if (last == null) {
      throw new IllegalStateException(
          "with(…) sets up the route declared before it; there is none");
    }
    settings.accept(last);
    return this;
  }

  @Override
  public RouteBuilder path(String below, Consumer<RouteBuilder> group) {
    requireOpen();
    members.add(declare(joined(below, Declared.here()), host, null, group));
    return this;
  }

  @Override
  public RouteBuilder host(String pattern, Consumer<RouteBuilder> group) {
    requireOpen();
    String at = Declared.here();
    if (host != null) {
      throw new RouteException(
          "host '"
              + pattern
              + "' ("
              + at
              + ") stands within host '"
              + host.text()
              + "'; put it beside");
    }
    HostPattern parsed = HostPattern.parse(pattern, at);
    members.add(declare(prefix, parsed, parsed, group));
    return this;
  }

  @Override
  public RouteBuilder mount(String below, Routes routes) {
    requireOpen();
    String at = Declared.here();
    members.add(new Group.Mount(joined(below, at), Objects.requireNonNull(routes), at));
    return this;
  }

  private PathPattern joined(String below, String at) {
    return prefix.join(PatternParser.parsePrefix(below, at), at);
  }

  @Override
  public RouteBuilder use(Filter... more) {
    requireOpen();
    filters.addAll(List.of(more));
    return this;
  }

  @Override
  public RouteBuilder handleFallback(Handler handler) {
    requireOpen();
    String at = Declared.here();
    if (fallback != null) {
      throw new RouteException(
          "two fallbacks in one group (" + fallback.declaredAt() + " and " + at + "); remove one");
    }
    fallback = new Group.Fallback(Objects.requireNonNull(handler), at);
    return this;
  }

  private void requireOpen() {
    if (built) {
      throw new IllegalStateException(
          "this group of routes is built already; declare within its function");
    }
  }
}
