package dev.runnel.sse;

import dev.runnel.engine.SendQueue;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events that wait for a slow client and give way to newer ones. Owned by the stream's loop. */
final class DroppingQueue {
  private final SendQueue queue;
  private final int capacity;
  private final Function<? super ServerEvent, ? extends @Nullable Object> keyOf;
  private final Runnable dropped;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(2);
  private final Map<Object, Waiting> byKey = new HashMap<>(2);

  DroppingQueue(
      SendQueue queue,
      int capacity,
      Function<? super ServerEvent, ? extends @Nullable Object> keyOf,
      Runnable dropped) {
    this.queue = queue;
    this.capacity = capacity;
    this.keyOf = keyOf;
    this.dropped = dropped;
  }

  /** Sends the event, or keeps it until there is room. */
  void put(ServerEvent event) {
    if (queue.offer(event.encoded())) {
      return;
    }
    Object key = keyOf.apply(event);
    Waiting same = key == null ? null : byKey.get(key);
    if (same != null) {
      same.replace(event.encoded());
      dropped.run();
      return;
    }
    if (waiting.size() == capacity) {
      Waiting oldest = waiting.element();
      oldest.forget();
      oldest.withdraw();
      dropped.run();
    }
    Waiting added = new Waiting(event, key);
    waiting.add(added);
    if (key != null) {
      byKey.put(key, added);
    }
    queue.send(added);
  }

  private final class Waiting extends SendQueue.Message {
    private final @Nullable Object key;

    Waiting(ServerEvent event, @Nullable Object key) {
      super(event.encoded());
      this.key = key;
    }

    void forget() {
      waiting.remove(this); // it is the first, or as good as that
      if (key != null) {
        byKey.remove(key);
      }
    }

    @Override
    protected boolean awaitsRoom() {
      return false;
    }

    @Override
    protected void handedOver() {
      forget();
    }

    @Override
    protected void failed(Throwable error) {
      forget();
    }
  }
}
