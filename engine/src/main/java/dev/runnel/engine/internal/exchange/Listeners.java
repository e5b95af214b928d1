package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Outcome;
import dev.runnel.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to know when a call is cancelled or ends. One failing listener does not keep the news
 * from the others.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");

  // Most calls have one of each at most: the first stands by itself, further ones in a list.
  private @Nullable Consumer<CancelCause> firstCancel;
  private @Nullable List<Consumer<CancelCause>> moreCancel;
  private @Nullable Consumer<Outcome> firstEnd;
  private @Nullable List<Consumer<Outcome>> moreEnd;

  void onCancel(Consumer<CancelCause> listener) {
    if (firstCancel == null) {
      firstCancel = listener;
    } else {
      moreCancel = add(moreCancel, listener);
    }
  }

  void onEnd(Consumer<Outcome> listener) {
    if (firstEnd == null) {
      firstEnd = listener;
    } else {
      moreEnd = add(moreEnd, listener);
    }
  }

  private static <T> List<T> add(@Nullable List<T> list, T item) {
    List<T> grown = list == null ? new ArrayList<>(2) : list;
    grown.add(item);
    return grown;
  }

  /** Whether anybody wants to know of the end. */
  boolean awaitEnd() {
    return firstEnd != null;
  }

  void cancelled(CancelCause cause, Request request) {
    Consumer<CancelCause> first = firstCancel;
    List<Consumer<CancelCause>> more = moreCancel;
    firstCancel = null;
    moreCancel = null;
    tell(first, more, cause, request);
  }

  void ended(Outcome outcome, Request request) {
    Consumer<Outcome> first = firstEnd;
    List<Consumer<Outcome>> more = moreEnd;
    firstEnd = null;
    moreEnd = null;
    tell(first, more, outcome, request);
  }

  private static <T> void tell(
      @Nullable Consumer<T> first, @Nullable List<Consumer<T>> more, T news, Request request) {
    if (first != null) {
      tell(first, news, request);
    }
    if (more != null) {
      for (Consumer<T> listener : more) {
        tell(listener, news, request);
      }
    }
  }

  private static <T> void tell(Consumer<T> listener, T news, Request request) {
    try {
      listener.accept(news);
    } catch (Throwable e) {
      LOG.error("{}: a listener failed on {}", request.id(), news, e);
    }
  }
}
