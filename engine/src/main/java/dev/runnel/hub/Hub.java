package dev.runnel.hub;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends each message to all who subscribed, on whatever loops they live, fast or slow, by whatever
 * protocol. All subscribers see all messages in one order, whatever threads broadcast; a subscriber
 * gets what is broadcast after {@link #subscribe} returned and nothing from before it.
 *
 * <p>A message is encoded once per {@link Format}, and all subscribers of that format share the
 * bytes. What waits for a slow subscriber is bounded ({@link HubOptions#queue}); {@link Overflow}
 * says what happens beyond.
 *
 * <p>Safe for use by any thread, but for {@link #subscribe}.
 *
 * @param <T> messages; they must not change after they were broadcast
 */
// The course is a linked list of entries. Broadcasts, and loops that come and go, are appended with
// a compare-and-set; each loop that has subscribers walks it by itself. So one order holds for all,
// nobody waits for anybody, and each entry knows exactly which loops have to pass it.
public final class Hub<T> {
  final HubCounters counters = new HubCounters();
  private final String name;
  private final HubOptions<T> options;
  private final @Nullable Set<Object> anchors;
  private final AtomicReference<Entry<T>> tail = new AtomicReference<>(new Entry<>(null));

  /** A hub with the default options. */
  public Hub() {
    this(HubOptions.defaults());
  }

  /** A hub. */
  public Hub(HubOptions<T> options) {
    this("", options, null);
  }

  /**
   * @param anchors a set that keeps alive what is in it; it holds this hub as long as anybody is
   *     subscribed
   */
  Hub(String name, HubOptions<T> options, @Nullable Set<Object> anchors) {
    this.name = name;
    this.options = options;
    this.anchors = anchors;
  }

  /**
   * Sends the message to all subscribers. Never blocks.
   *
   * @return a stage that completes when the message is in each subscriber's queue or transport, or
   *     was dropped for it, or the subscriber left. It fails with what an encoder, a format or a
   *     key function threw; those subscribers do not get the message, all others do. It completes
   *     on a loop, so what is chained to it must not block
   */
  public CompletionStage<Void> broadcast(T message) {
    return send(new Broadcast<>(message, null, options.payload()));
  }

  /** Sends the message to all subscribers but one, such as the one it came from. */
  public CompletionStage<Void> broadcast(T message, Subscription except) {
    return send(new Broadcast<>(message, except, options.payload()));
  }

  private CompletionStage<Void> send(Broadcast<T> broadcast) {
    counters.broadcasts.increment();
    if (tail.get().groups.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    append(new Entry<>(broadcast), groups -> groups);
    return broadcast.stage;
  }

  /**
   * Adds a subscriber with the hub's own options. It leaves by itself when its queue fails. One
   * that subscribes twice gets everything twice.
   *
   * @throws IllegalStateException if called elsewhere than on the subscriber's loop
   */
  public Subscription subscribe(Format<? super T> format, Subscriber subscriber) {
    return subscribe(format, subscriber, options);
  }

  /**
   * Adds a subscriber with a queue, an overflow and a key of its own; the payload encoder is the
   * hub's in any case.
   *
   * @throws IllegalStateException if called elsewhere than on the subscriber's loop
   */
  public Subscription subscribe(
      Format<? super T> format, Subscriber subscriber, HubOptions<T> own) {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(own, "own");
    Loop loop = subscriber.loop();
    if (!loop.inLoop()) {
      throw new IllegalStateException(
          "a subscriber joins a hub on its own loop: use subscriber.loop().execute(...)");
    }
    SendQueue queue = subscriber.queue();
    LoopGroup<T> group = groupOf(loop);
    Member<T> member = new Member<>(group, format, subscriber, queue, own, tail.get().number);
    member.begin();
    return member;
  }

  /** How many subscribers there are. */
  public int subscribers() {
    return counters.subscribers.get();
  }

  /** What the hub did so far. */
  public HubStats stats() {
    return counters.read();
  }

  // Only the loop itself adds and removes its group, so the answer stays true until it goes on.
  private LoopGroup<T> groupOf(Loop loop) {
    for (LoopGroup<T> group : tail.get().groups) {
      if (group.loop == loop) {
        return group;
      }
    }
    return open(new LoopGroup<>(this, loop));
  }

  private LoopGroup<T> open(LoopGroup<T> group) {
    if (anchors != null) {
      anchors.add(group);
    }
    Entry<T> start =
        append(
            new Entry<>(null),
            groups -> {
              List<LoopGroup<T>> more = new ArrayList<>(groups);
              more.add(group);
              return List.copyOf(more);
            });
    group.begin(start);
    return group;
  }

  /** Takes a group out that nobody is in any more; the entry returned is not for it. */
  Entry<T> close(LoopGroup<T> group) {
    Entry<T> end =
        append(
            new Entry<>(null), groups -> groups.stream().filter(other -> other != group).toList());
    if (anchors != null) {
      anchors.remove(group);
    }
    return end;
  }

  private Entry<T> append(Entry<T> entry, UnaryOperator<List<LoopGroup<T>>> change) {
    Entry<T> last;
    do {
      last = tail.get();
      entry.follow(last, change.apply(last.groups));
    } while (!tail.compareAndSet(last, entry));
    last.next = entry;
    List<LoopGroup<T>> groups = entry.groups;
    if (groups.isEmpty()) {
      entry.done();
    }
    for (LoopGroup<T> group : groups) {
      group.wake();
    }
    return entry;
  }

  @Override
  public String toString() {
    return name.isEmpty() ? "Hub@" + Integer.toHexString(hashCode()) : "Hub(" + name + ")";
  }
}
