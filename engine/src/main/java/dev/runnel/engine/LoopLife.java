package dev.runnel.engine;

import dev.runnel.io.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A life of its own on a loop, without a server around it: that of a session which a client opened.
 * Over when it was held and nobody holds it any more, or when it is cancelled. All but {@link
 * #loop()} is for the loop.
 */
public final class LoopLife implements CallLife {
  private final Loop loop;
  private final Runnable onOver;
  private final List<Consumer<CancelCause>> onCancel = new ArrayList<>(2);
  private final List<Runnable> onStop = new ArrayList<>(1);
  private @Nullable CancelCause cancelled;
  private boolean stopping;
  private boolean over;
  private int holds;

  /** A life on this loop. */
  public LoopLife(Loop loop) {
    this(loop, () -> {});
  }

  /**
   * A life on this loop.
   *
   * @param onOver told once, on the loop, when the last hold was released
   */
  public LoopLife(Loop loop, Runnable onOver) {
    this.loop = Objects.requireNonNull(loop);
    this.onOver = Objects.requireNonNull(onOver);
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public void onCancel(Consumer<CancelCause> listener) {
    if (cancelled != null) {
      listener.accept(cancelled);
    } else if (!over) {
      onCancel.add(listener);
    }
  }

  @Override
  public void onStop(Runnable listener) {
    if (stopping) {
      listener.run();
    } else if (!over) {
      onStop.add(listener);
    }
  }

  /** Whoever runs it stops: what has no end is asked to come to one. */
  public void stop() {
    if (!stopping) {
      stopping = true;
      List<Runnable> told = List.copyOf(onStop);
      onStop.clear();
      told.forEach(Runnable::run);
    }
  }

  @Override
  public void cancel(CancelCause cause) {
    if (cancelled == null && !over) {
      cancelled = cause;
      List<Consumer<CancelCause>> told = List.copyOf(onCancel);
      onCancel.clear();
      told.forEach(listener -> listener.accept(cause));
    }
  }

  @Override
  public @Nullable CancelCause cancelled() {
    return cancelled;
  }

  @Override
  public Hold hold() {
    holds++;
    AtomicBoolean released = new AtomicBoolean();
    return () -> {
      if (!released.getAndSet(true)) {
        if (loop.inLoop()) {
          release();
        } else {
          loop.execute(this::release);
        }
      }
    };
  }

  private void release() {
    if (--holds == 0 && !over) {
      over = true;
      onCancel.clear();
      onStop.clear();
      onOver.run();
    }
  }
}
