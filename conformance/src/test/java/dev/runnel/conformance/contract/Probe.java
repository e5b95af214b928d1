package dev.runnel.conformance.contract;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers of the app tell the test, and what the test lets them wait for. Safe from any
 * thread.
 */
public final class Probe {
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();
  private final AtomicInteger jobs = new AtomicInteger();
  private volatile boolean allOpen;
  private volatile @Nullable Path file;

  /** Tells the test that something happened. */
  public void note(String event) {
    notes.add(event);
  }

  /** All that was told, in order. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Whether this was told. */
  public boolean saw(String event) {
    return notes.contains(event);
  }

  /** How often this was told. */
  public long count(String event) {
    return notes.stream().filter(event::equals).count();
  }

  /** Completes when the test opens the gate; a copy, so that who cancels it closes it to nobody. */
  public CompletableFuture<Void> gate(String name) {
    CompletableFuture<Void> gate = shared(name);
    if (allOpen) {
      gate.complete(null);
    }
    return gate.copy();
  }

  private CompletableFuture<Void> shared(String name) {
    return gates.computeIfAbsent(name, unused -> new CompletableFuture<>());
  }

  /** Lets who waits at this gate pass. */
  public void open(String name) {
    shared(name).complete(null);
  }

  /** The test is over: nobody waits any longer. */
  void openAll() {
    allOpen = true;
    gates.values().forEach(gate -> gate.complete(null));
  }

  /** A coroutine of a call began. */
  public void jobBegan() {
    jobs.incrementAndGet();
  }

  /** A coroutine of a call completed. */
  public void jobCompleted() {
    jobs.decrementAndGet();
  }

  int jobs() {
    return jobs.get();
  }

  /** The file that the app serves. */
  public Path file() {
    Path given = file;
    if (given == null) {
      throw new IllegalStateException("this test gave the app no file");
    }
    return given;
  }

  void file(Path path) {
    file = path;
  }
}
