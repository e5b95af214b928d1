package dev.runnel.conformance.client.contract;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the handlers of a test tell it, and what they wait for. Safe from any thread. */
public final class Witness {
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();

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

  /** Completes when the test opens the gate. */
  public CompletableFuture<Void> gate(String name) {
    return gates.computeIfAbsent(name, unused -> new CompletableFuture<>());
  }

  /** Lets who waits at this gate pass. */
  public void open(String name) {
    gate(name).complete(null);
  }
}
