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

  private @Nullable List<Consumer<CancelCause>> cancel;
  private @Nullable List<Consumer<Outcome>> end;

  void onCancel(Consumer<CancelCause> listener) {
    if (cancel == null) {
      cancel = new ArrayList<>(2);
    }
    cancel.add(listener);
  }

  void onEnd(Consumer<Outcome> listener) {
    if (end == null) {
      end = new ArrayList<>(2);
    }
    end.add(listener);
  }

  void cancelled(CancelCause cause, Request request) {
    List<Consumer<CancelCause>> told = cancel;
    cancel = null;
    tell(told, cause, request);
  }

  void ended(Outcome outcome, Request request) {
    List<Consumer<Outcome>> told = end;
    end = null;
    tell(told, outcome, request);
  }

  private static <T> void tell(@Nullable List<Consumer<T>> listeners, T news, Request request) {
    if (listeners == null) {
      return;
    }
    for (Consumer<T> listener : listeners) {
      try {
        listener.accept(news);
      } catch (Throwable e) {
        LOG.error("{}: a listener failed on {}", request.id(), news, e);
      }
    }
  }
}
