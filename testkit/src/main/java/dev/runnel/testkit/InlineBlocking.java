package dev.runnel.testkit;

import dev.runnel.engine.Blocking;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Does at once what a client would do on a thread: it only reads certificates here. */
final class InlineBlocking implements Blocking {
  @Override
  public <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then) {
    T result = null;
    Throwable error = null;
    try {
      result = task.call();
    } catch (Throwable e) {
      error = e;
    }
    then.ended(result, error);
    return () -> {};
  }

  @Override
  public int active() {
    return 0;
  }
}
