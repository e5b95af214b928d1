package dev.runnel.memory;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Carries the bytes of all connections of one network, in turns of the loop: each direction that
 * has something gives its receiver one piece in a turn, by the order in which they became ready, or
 * by the seed. Of the loop.
 */
public final class Carrier {
  private final Loop loop;
  private final Trace trace = new Trace();
  private final Random random;
  private final boolean shuffled;
  private final long begun;
  private List<Runnable> ready = new ArrayList<>();
  private boolean armed;
  private int connections;

  /**
   * Carries on this loop.
   *
   * @param seed of all that is random
   * @param shuffled whether connections that are ready at the same time take turns at random
   */
  public Carrier(Loop loop, long seed, boolean shuffled) {
    this.loop = loop;
    this.random = new Random(seed);
    this.shuffled = shuffled;
    this.begun = loop.nanoTime();
  }

  /** What arrived. */
  public Trace trace() {
    return trace;
  }

  Loop loop() {
    return loop;
  }

  Random random() {
    return random;
  }

  /** A new connection between a client and a server. */
  public Wire connect(WireFaults faults) {
    connections++;
    Wire wire = new Wire(this, connections, faults);
    note(connections, true, Trace.Kind.OPENED, Bytes.EMPTY);
    return wire;
  }

  void note(int connection, boolean toServer, Trace.Kind kind, Bytes bytes) {
    trace.add(new Trace.Event(loop.nanoTime() - begun, connection, toServer, kind, bytes));
  }

  /** Runs this in the next turn. */
  void next(Runnable delivery) {
    ready.add(delivery);
    if (!armed) {
      armed = true;
      loop.execute(this::turn);
    }
  }

  private void turn() {
    List<Runnable> batch = ready;
    ready = new ArrayList<>();
    armed = false;
    if (shuffled) {
      java.util.Collections.shuffle(batch, random);
    }
    batch.forEach(Runnable::run);
  }
}
