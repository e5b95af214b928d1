package dev.runnel.routing;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Filter;
import dev.runnel.engine.Handler;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A group as it was compiled: its filters, and the automatic answers behind them. */
final class Scope {
  /**
   * An automatic answer on its way through the filters, which were composed before it was known.
   */
  private static final Request.Key<Response> ANSWER = Request.Key.of("runnel.automatic-answer");

  private final @Nullable Scope parent;
  private final List<Filter> filters;
  private final int depth;
  private final int filterCount;
  private final Handler automatic;

  Scope(@Nullable Scope parent, List<Filter> filters) {
    this.parent = parent;
    this.filters = filters;
    this.depth = parent == null ? 0 : parent.depth + 1;
    this.filterCount = filters.size() + (parent == null ? 0 : parent.filterCount);
    this.automatic =
        parent != null && filters.isEmpty() ? parent.automatic : compose(Scope::giveAnswer);
  }

  private static void giveAnswer(Exchange exchange) {
    Response answer = exchange.request().attribute(ANSWER);
    exchange.respond(answer != null ? answer : Problem.of(Status.NOT_FOUND, null).toResponse());
  }

  /** The handler behind all filters, those of outer groups first. */
  Handler compose(Handler handler) {
    Handler composed = handler;
    for (Scope scope = this; scope != null; scope = scope.parent) {
      for (int i = scope.filters.size() - 1; i >= 0; i--) {
        composed =
            Objects.requireNonNull(scope.filters.get(i).apply(composed), "a filter gave null");
      }
    }
    return composed;
  }

  /** Answers through the filters. */
  void answer(Exchange exchange, Response response) throws Exception {
    exchange.request().attribute(ANSWER, response);
    automatic.handle(exchange);
  }

  int filterCount() {
    return filterCount;
  }

  /** The innermost group around both. */
  static Scope common(Scope one, Scope other) {
    Scope a = one;
    Scope b = other;
    while (a != b) {
      if (a.depth >= b.depth) {
        a = Objects.requireNonNull(a.parent);
      } else {
        b = Objects.requireNonNull(b.parent);
      }
    }
    return a;
  }
}
