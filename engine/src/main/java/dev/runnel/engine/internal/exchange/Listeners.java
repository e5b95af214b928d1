package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Outcome;
import dev.runnel.http.Request;
import dev.runnel.http.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to edit the head of a call's answer, or to know when the call is cancelled or ends. One
 * failing listener does not keep the news from the others.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");

  private @Nullable UnaryOperator<ResponseHead> edits;

  // The first to hear of a cancel stands in the call itself: most calls have it and no other.
  private @Nullable List<Consumer<CancelCause>> moreCancel;

  // Those that have one of these have no second as a rule: further ones are in a list.
  private @Nullable Consumer<Outcome> firstEnd;
  private @Nullable List<Consumer<Outcome>> moreEnd;

  void onHead(UnaryOperator<ResponseHead> edit) {
    UnaryOperator<ResponseHead> before = edits;
    edits = before == null ? edit : head -> edit.apply(before.apply(head));
  }

  /** The head with all edits made, each of them once. */
  ResponseHead edited(ResponseHead head) {
    UnaryOperator<ResponseHead> recorded = edits;
    edits = null; // an edit that throws must not meet the error answer again
    return recorded == null ? head : recorded.apply(head);
  }

  /** One more than the first. */
  void onCancel(Consumer<CancelCause> listener) {
    moreCancel = add(moreCancel, listener);
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

  /** Tells all but the first. */
  void cancelled(CancelCause cause, Request request) {
    List<Consumer<CancelCause>> more = moreCancel;
    moreCancel = null;
    tell(null, more, cause, request);
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

  static <T> void tell(Consumer<T> listener, T news, Request request) {
    try {
      listener.accept(news);
    } catch (Throwable e) {
      LOG.error("{}: a listener failed on {}", request.id(), news, e);
    }
  }
}
