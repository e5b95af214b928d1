package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;

/**
 * Something around a call: it may look at the request, pass another one on, look at the answer or
 * give another, and ask again. Everything the client does beyond one request on one connection is
 * such a filter. Runs on whatever thread the step before it ended on, which is a loop for all but
 * the first: it must not block. An answer that a filter does not pass on has to be {@linkplain
 * dev.runnel.http.Body#discard discarded}.
 */
@FunctionalInterface
public interface ClientFilter {
  /** Makes an answer of a request, mostly by asking the next one. */
  CompletionStage<Response> apply(Request request, Next next);

  /** What stands behind a filter. May be asked several times. */
  @FunctionalInterface
  interface Next {
    /** The answer to a request. */
    CompletionStage<Response> send(Request request);
  }

  /** The filters in front of what sends, the first one outermost. */
  static Next chain(Iterable<ClientFilter> filters, Next sender) {
    Deque<ClientFilter> reversed = new ArrayDeque<>();
    filters.forEach(reversed::addFirst);
    Next next = sender;
    for (ClientFilter filter : reversed) {
      Next behind = next;
      next = request -> filter.apply(request, behind);
    }
    return next;
  }
}
