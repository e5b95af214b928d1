package dev.runnel.memory;

import dev.runnel.io.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What arrived on the connections of a network, in order: the last of it to be read by people, and
 * a checksum over all of it. Safe from any thread.
 */
public final class Trace {
  private static final int KEPT_BYTES = 1 << 20;
  private static final int KEPT_EVENTS = 4_096;

  /** What happened to one direction. */
  public enum Kind {
    /** The connection was made. */
    OPENED,
    /** Bytes arrived. */
    BYTES,
    /** The end arrived. */
    END,
    /** The connection was reset. */
    RESET
  }

  /**
   * One thing that happened.
   *
   * @param nanos when, since the network was made
   * @param connection the number of the connection, from 1
   * @param toServer the direction
   * @param bytes what arrived; empty unless it is {@link Kind#BYTES}
   */
  public record Event(long nanos, int connection, boolean toServer, Kind kind, Bytes bytes) {
    /** The time since the network was made. */
    public Duration at() {
      return Duration.ofNanos(nanos);
    }
  }

  private final Deque<Event> events = new ArrayDeque<>();
  private final CRC32 sum = new CRC32();
  private long keptBytes;
  private long dropped;

  Trace() {}

  synchronized void add(Event event) {
    sum(event);
    events.addLast(event);
    keptBytes += event.bytes.length();
    while (events.size() > 1 && (keptBytes > KEPT_BYTES || events.size() > KEPT_EVENTS)) {
      keptBytes -= events.removeFirst().bytes.length();
      dropped++;
    }
  }

  private void sum(Event event) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      sum.update((int) (event.nanos >>> shift));
    }
    sum.update(event.connection);
    sum.update(event.toServer ? 1 : 0);
    sum.update(event.kind.name().charAt(0));
    sum.update(event.bytes.asByteBuffer());
  }

  /** The last events: those of the last mebibyte, and 4,096 at most. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** How many events came before those that are kept. */
  public synchronized long dropped() {
    return dropped;
  }

  /** Of all events, with their times and bytes: two runs with the same one did the same. */
  public synchronized long checksum() {
    return sum.getValue();
  }
}
