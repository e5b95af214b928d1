package dev.runnel.hub;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Bytes;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscriber in a hub: what waits for it, and what to do when that is too much. On its loop. */
final class Member<T> implements Subscription, Consumer<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.hub");

  final Subscriber subscriber;

  /** Where it stands in its group. */
  int place;

  private final LoopGroup<T> group;
  final Format<? super T> format;
  private final HubOptions<T> options;
  private final long since;
  private final SendQueue queue;
  private final boolean inOne;
  // In the queue, in its order: it is first in, first out, and only we take ours out of it.
  private final ArrayDeque<Queued> queued = new ArrayDeque<>(1);
  // Waits for a place in the queue, for SUSPEND only. Not empty only while the queue is full, so
  // nothing overtakes it.
  private final ArrayDeque<Held<T>> held = new ArrayDeque<>(1);
  private final Map<Object, Queued> byKey = new HashMap<>(0);
  private boolean resuming;
  private volatile boolean over;

  Member(
      LoopGroup<T> group,
      Format<? super T> format,
      Subscriber subscriber,
      SendQueue queue,
      HubOptions<T> options,
      long since) {
    this.group = group;
    this.format = format;
    this.subscriber = subscriber;
    this.options = options;
    this.since = since;
    this.queue = queue;
    this.inOne = subscriber.takesManyAsOne();
  }

  void begin() {
    group.hub.counters.subscribers.incrementAndGet();
    group.add(this);
    queue.watch(this); // it may be over already
  }

  /** Takes the messages of a stretch, and says how many are in the transport's hands now. */
  int take(Stretch<T> stretch) {
    int taken = 0;
    int next = 0;
    if (inOne && !over && !stretch.isMixed(this, since)) {
      for (Stretch.Piece piece : stretch.in(format)) {
        if (!piece.bytes().isEmpty() && !handOver(piece.bytes())) {
          break; // there is no room: the rest is for the queue, one by one
        }
        group.handed(piece.bytes().length());
        taken += piece.count();
        next = piece.end();
      }
    }
    for (; next < stretch.size() && !over; next++) {
      taken += take(stretch.entry(next)) ? 1 : 0;
    }
    return taken;
  }

  private boolean take(Entry<T> entry) {
    Broadcast<T> broadcast = entry.broadcast();
    if (broadcast == null) {
      return false;
    }
    group.handed(0);
    try {
      return take(entry, broadcast);
    } catch (Throwable e) {
      LOG.error("{} could not send a message to {}; others have it", group.hub, subscriber, e);
      return false;
    }
  }

  /** Takes a message, and says whether it is in the transport's hands already. */
  private boolean take(Entry<T> entry, Broadcast<T> broadcast) {
    if (over || entry.number <= since || broadcast.except == this) {
      return false;
    }
    Bytes bytes = broadcast.in(format);
    if (bytes.isEmpty()) {
      return false;
    }
    if (handOver(bytes)) {
      return true;
    }
    if (!over) {
      await(entry, broadcast, bytes);
    }
    return false;
  }

  private boolean handOver(Bytes bytes) {
    try {
      return queue.isFree() && queue.offer(subscriber.own(bytes));
    } catch (RuntimeException e) {
      accept(e);
      return false;
    }
  }

  private void await(Entry<T> entry, Broadcast<T> broadcast, Bytes bytes) {
    boolean full = queued.size() >= options.queue();
    switch (options.overflow()) {
      case CLOSE_SLOW -> {
        if (full) {
          closeSlow();
        } else {
          enqueue(bytes, null);
        }
      }
      case DROP_OLDEST -> {
        if (full) {
          dropOldest();
        }
        enqueue(bytes, null);
      }
      case CONFLATE -> conflate(broadcast, bytes, full);
      case SUSPEND -> {
        if (full) {
          entry.hold();
          held.add(new Held<>(entry, bytes));
        } else {
          enqueue(bytes, null);
        }
      }
    }
  }

  private void enqueue(Bytes bytes, @Nullable Object key) {
    Queued message = new Queued(bytes, key);
    queued.add(message);
    if (key != null) {
      byKey.put(key, message);
    }
    queue.send(message);
  }

  private void conflate(Broadcast<T> broadcast, Bytes bytes, boolean full) {
    Object key;
    try {
      key = key(broadcast.message);
    } catch (Throwable e) {
      broadcast.failed(e);
      return;
    }
    Queued older = key == null ? null : byKey.get(key);
    if (older != null) {
      older.replace(bytes);
      group.hub.counters.dropped.increment();
      return;
    }
    if (full) {
      dropOldest();
    }
    enqueue(bytes, key);
  }

  private @Nullable Object key(T message) {
    Function<? super T, ? extends @Nullable Object> by = options.key();
    return by == null ? null : by.apply(message);
  }

  private void dropOldest() {
    Queued oldest = queued.remove();
    forget(oldest);
    group.hub.counters.dropped.increment();
    oldest.withdraw();
  }

  private void forget(Queued message) {
    if (message.key != null) {
      byKey.remove(message.key);
    }
  }

  private void closeSlow() {
    HubCounters counters = group.hub.counters;
    counters.closedSlow.increment();
    counters.dropped.add(queued.size() + 1L);
    end();
    // It is to hear of its end soon, and not behind all that it did not take.
    for (Queued next = queued.poll(); next != null; next = queued.poll()) {
      next.withdraw();
    }
    group.close(this);
  }

  private void handedOver(Queued message) {
    queued.remove(message); // it is the first
    forget(message);
    group.hub.counters.delivered.increment();
    resume();
  }

  // What is sent may be handed over at once and call us again: then the loop here goes on, so that
  // a queue of any length takes no more of the stack.
  private void resume() {
    if (resuming) {
      return;
    }
    resuming = true;
    while (!held.isEmpty() && queued.size() < options.queue()) {
      Held<T> next = held.remove();
      enqueue(next.bytes, null);
      next.entry.pass();
    }
    resuming = false;
  }

  /** The queue failed: the subscriber is over. */
  @Override
  public void accept(Throwable error) {
    if (!over) {
      LOG.debug("{} leaves {}, as it is over", subscriber, group.hub, error);
      end();
    }
  }

  @Override
  public void leave() {
    if (group.loop.inLoop()) {
      end();
    } else if (!over) {
      group.loop.execute(this::end);
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    queue.unwatch(this);
    group.hub.counters.subscribers.decrementAndGet();
    group.remove(this);
    for (Held<T> next = held.poll(); next != null; next = held.poll()) {
      next.entry.pass();
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public String toString() {
    return "Subscription(" + subscriber + ")";
  }

  private record Held<T>(Entry<T> entry, Bytes bytes) {}

  private final class Queued extends SendQueue.Message {
    final @Nullable Object key;

    Queued(Bytes bytes, @Nullable Object key) {
      super(bytes);
      this.key = key;
    }

    @Override
    protected Bytes encode(Bytes pending) {
      return subscriber.own(pending);
    }

    @Override
    protected boolean awaitsRoom() {
      return false; // what the transport has does not count against the hub's share of the queue
    }

    @Override
    protected void handedOver() {
      Member.this.handedOver(this);
    }

    @Override
    protected void failed(Throwable error) {
      queued.remove(this);
      forget(this);
      accept(error);
    }
  }
}
