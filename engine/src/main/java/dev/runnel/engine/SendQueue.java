package dev.runnel.engine;

import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way to a peer that may be slow: first in, first out, each handed to the
 * transport whole or not at all. What streams of events, WebSocket sessions and hubs send goes
 * through one of these. Owned by the loop of its writer; it holds no more than its users put in.
 *
 * <p>Callbacks of a {@link Message} run on the loop and may send again.
 */
public final class SendQueue {
  private final BodyWriter out;
  private final Duration patience;
  private final Runnable tooSlow;
  private final ArrayDeque<Message> waiting = new ArrayDeque<>(2);
  private boolean room = true;
  // When a message in parts last had its turn and room: until then nobody waited for the peer.
  private long pausedUntil;
  private @Nullable Bytes urgent;
  private @Nullable Runnable onRoom;
  private Loop.@Nullable Timer timer;
  private @Nullable Throwable failure;
  private @Nullable Set<Consumer<? super Throwable>> watchers;

  /**
   * @param out where messages go
   * @param patience how long the first in the queue may wait for the peer; zero is for ever
   * @param tooSlow called once that time is over
   */
  public SendQueue(BodyWriter out, Duration patience, Runnable tooSlow) {
    this.out = out;
    this.patience = patience;
    this.tooSlow = tooSlow;
    this.pausedUntil = out.loop().nanoTime();
  }

  /** Whether the next message is handed over at once: none waits, and little is unsent. */
  public boolean isFree() {
    return room && failure == null && waiting.isEmpty();
  }

  /** How many messages wait. */
  public int size() {
    return waiting.size();
  }

  /**
   * Hands a message over if the queue is free, and says whether it did. If the queue then is not
   * free any more, the sender of more should wait by {@link #send} of a message without bytes.
   *
   * @throws RuntimeException if the call is over
   */
  public boolean offer(Bytes bytes) {
    if (!isFree()) {
      return false;
    }
    write(bytes);
    return true;
  }

  /** Hands the message over when it is its turn; its callbacks may run before this returns. */
  public void send(Message message) {
    if (failure != null) {
      message.failed(failure);
      return;
    }
    message.queue = this;
    message.since = out.loop().nanoTime();
    waiting.add(message);
    if (room) {
      pump();
    }
    watch();
  }

  /**
   * Hands a few bytes over before all that waits, as soon as there is room; those of an earlier
   * call that did not get there yet are given up for these. For control frames, of which only the
   * latest counts.
   *
   * @throws RuntimeException if the call is over
   */
  public void urgent(Bytes bytes) {
    if (failure != null) {
      return;
    }
    if (room) {
      write(bytes);
    } else {
      urgent = bytes;
    }
  }

  /**
   * Runs the task as soon as something can be handed over, before all that waits; at once if it can
   * now. One of an earlier call that did not run yet is given up for this.
   */
  public void onRoom(Runnable task) {
    if (failure != null) {
      return;
    }
    if (room) {
      task.run();
    } else {
      onRoom = task;
    }
  }

  /** The end: what waits fails with this, and so does all that comes after. */
  public void fail(Throwable error) {
    fail(error, () -> {});
  }

  /**
   * The end, with last words: the task runs once nothing more is sent from here, and before anybody
   * is told, who could do whatever comes to mind. Runs also if the queue has failed before.
   */
  public void fail(Throwable error, Runnable lastWords) {
    if (failure != null) {
      lastWords.run();
      return;
    }
    failure = error;
    urgent = null;
    onRoom = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    lastWords.run();
    for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
      next.queue = null;
      next.failed(error);
    }
    Set<Consumer<? super Throwable>> told = watchers;
    watchers = null;
    if (told != null) {
      told.forEach(watcher -> watcher.accept(error));
    }
  }

  /**
   * Tells the watcher when this queue fails, behind the messages that fail with it; at once if it
   * has. For those who have nothing in the queue and would not hear of its end otherwise. The queue
   * holds on to the watcher until {@link #unwatch}.
   */
  public void watch(Consumer<? super Throwable> watcher) {
    if (failure != null) {
      watcher.accept(failure);
      return;
    }
    if (watchers == null) {
      watchers = new LinkedHashSet<>(2);
    }
    watchers.add(watcher);
  }

  /** Tells the watcher no more. */
  public void unwatch(Consumer<? super Throwable> watcher) {
    if (watchers != null) {
      watchers.remove(watcher);
    }
  }

  private void write(Bytes bytes) {
    notePause();
    room = out.write(bytes);
    if (!room) {
      out.onWritable(this::writable);
    }
  }

  private void writable() {
    room = true;
    pump();
  }

  private void pump() {
    try {
      Bytes first = urgent;
      if (room && first != null) {
        urgent = null;
        write(first);
      }
      Runnable task = onRoom;
      if (room && task != null) {
        onRoom = null;
        task.run();
      }
      boolean goesOn = true;
      while (goesOn && room && failure == null && !waiting.isEmpty()) {
        goesOn = advance(waiting.element());
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Whether the next one may follow. */
  private boolean advance(Message first) {
    Bytes bytes = first.bytes;
    if (bytes != null) {
      first.bytes = null;
      write(first.encode(bytes));
      first.handedOver();
    }
    if (first.keepsTurn() && first.queue == this) {
      if (room && !first.told) {
        first.told = true;
        first.room();
      }
      return first.queue != this;
    }
    if ((room || !first.awaitsRoom()) && first.queue == this) {
      first.queue = null;
      waiting.remove(first);
      if (room) {
        first.room();
      }
    }
    return true;
  }

  private void watch() {
    if (timer == null && failure == null && !waiting.isEmpty() && !patience.isZero()) {
      timer = out.loop().schedule(this::look, patience);
    }
  }

  /** Who sends a message in parts may take any time for the next: that is not the peer's doing. */
  private void notePause() {
    Message first = waiting.peek();
    if (room && first != null && first.keepsTurn()) {
      pausedUntil = out.loop().nanoTime();
    }
  }

  private void look() {
    timer = null;
    Message first = waiting.peek();
    if (first == null) {
      return;
    }
    notePause();
    long now = out.loop().nanoTime();
    Duration left = patience.minusNanos(Math.min(now - first.since, now - pausedUntil));
    if (left.isNegative() || left.isZero()) {
      tooSlow.run();
    } else {
      timer = out.loop().schedule(this::look, left);
    }
  }

  /** One message; may be sent once. Its methods are for the loop of its queue. */
  public abstract static class Message {
    private @Nullable Bytes bytes;
    private @Nullable SendQueue queue;
    private long since;
    private boolean told;

    /** A message of these bytes; none at all is handed over as soon as there is room. */
    protected Message(Bytes bytes) {
      this.bytes = bytes.isEmpty() ? null : bytes;
    }

    /** Whether it is not in the transport's hands, and can still be taken back or replaced. */
    public final boolean isPending() {
      return queue != null && bytes != null;
    }

    /**
     * Takes it out of the queue: if it was not handed over, it never will be. Its callbacks run no
     * more.
     */
    public final void withdraw() {
      SendQueue in = queue;
      if (in != null) {
        queue = null;
        in.notePause();
        in.waiting.remove(this);
        in.pump(); // those behind it waited for it only, perhaps
      }
    }

    /**
     * Sends these bytes in its place, at its place.
     *
     * @throws IllegalStateException if it is not {@link #isPending()}
     */
    public final void replace(Bytes newer) {
      if (!isPending()) {
        throw new IllegalStateException("the message is on its way already");
      }
      bytes = newer;
    }

    /**
     * Hands more bytes over at its turn, which it keeps, and says whether there is room for yet
     * more; if not, {@link #room()} is told when there is.
     *
     * @throws IllegalStateException if it has no turn
     */
    public final boolean more(Bytes bytes) {
      SendQueue in = queue;
      if (in == null || in.waiting.peek() != this || !keepsTurn()) {
        throw new IllegalStateException("the message is not at its turn");
      }
      in.write(bytes);
      told = in.room;
      return told;
    }

    /**
     * What is sent for its bytes, asked for at the moment of the hand-over: what depends on the
     * order, such as a compression with context, belongs here.
     */
    protected Bytes encode(Bytes pending) {
      return pending;
    }

    /**
     * Whether it is a message in parts, which stays first from its turn on until it is withdrawn;
     * {@link #room()} then says that a part may be handed over with {@link #more}.
     */
    protected boolean keepsTurn() {
      return false;
    }

    /** Whether it stays in the queue until there is room again, so that {@link #room()} is told. */
    protected boolean awaitsRoom() {
      return true;
    }

    /** Its bytes are in the transport's hands. */
    protected void handedOver() {}

    /** There is room for more behind it. */
    protected void room() {}

    /** It was not handed over and never will be; or nobody knows what became of it. */
    protected void failed(Throwable error) {}
  }
}
