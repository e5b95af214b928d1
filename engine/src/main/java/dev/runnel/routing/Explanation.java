package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is routed as it is.
 *
 * @param method the method asked for
 * @param path the path asked for, as it was given
 * @param answer in words, who answers: a route, or the router itself and with which status
 * @param route the route that answers, or null when the router itself does
 * @param params the path parameters, decoded
 * @param filters how many filters run before the answer
 * @param others the routes that do not answer, nearest first
 */
public record Explanation(
    Method method,
    String path,
    String answer,
    @Nullable RouteInfo route,
    Map<String, String> params,
    int filters,
    List<Miss> others) {
  private static final int SHOWN = 10;

  public Explanation {
    params = Map.copyOf(params);
    others = List.copyOf(others);
  }

  /** Several lines: the answer, then the ten nearest routes and why each does not match. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append(method).append(' ').append(path).append("\n  -> ").append(answer);
    out.append("\n  filters: ").append(filters);
    params.forEach((name, value) -> out.append("\n  ").append(name).append(" = ").append(value));
    others.stream().limit(SHOWN).forEach(miss -> out.append("\n  not ").append(miss));
    if (others.size() > SHOWN) {
      out.append("\n  and ").append(others.size() - SHOWN).append(" routes further off");
    }
    return out.toString();
  }

  /**
   * A route that does not answer.
   *
   * @param route the route
   * @param why the first thing that does not fit
   */
  public record Miss(RouteInfo route, String why) {
    @Override
    public String toString() {
      return route + ": " + why;
    }
  }
}
