package dev.runnel.hub;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made once, by whoever asks first, on any thread. Others who ask meanwhile wait
 * for it: they would need as long to make it themselves.
 */
final class Once<V> implements Supplier<V> {
  private volatile @Nullable Supplier<? extends V> maker;
  // Both are published by the write of null to maker.
  private @Nullable V value;
  private @Nullable Throwable failure;

  Once(Supplier<? extends V> maker) {
    this.maker = maker;
  }

  /** The value; if making it failed, all who ask get that very failure. */
  @Override
  public V get() {
    if (maker != null) {
      make();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      Once.<RuntimeException>rethrow(thrown);
    }
    return Objects.requireNonNull(value);
  }

  // Makers in Kotlin throw checked exceptions without saying so.
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private synchronized void make() {
    Supplier<? extends V> first = maker;
    if (first == null) {
      return;
    }
    try {
      value = Objects.requireNonNull(first.get());
    } catch (Throwable e) {
      failure = e;
    }
    maker = null;
  }
}
