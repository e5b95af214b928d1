package dev.runnel.engine;

import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
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
  private Loop.@Nullable Timer timer;
  private @Nullable Throwable failure;

  /**
   * @param out where messages go
   * @param patience how long the first in the queue may wait; zero is for ever
   * @param tooSlow called once that time is over
   */
  public SendQueue(BodyWriter out, Duration patience, Runnable tooSlow) {
    this.out = out;
    this.patience = patience;
    this.tooSlow = tooSlow;
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

  /** The end: what waits fails with this, and so does all that comes after. */
  public void fail(Throwable error) {
    if (failure != null) {
      return;
    }
    failure = error;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
      next.queue = null;
      next.failed(error);
    }
  }

  private void write(Bytes bytes) {
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
      while (room && failure == null && !waiting.isEmpty()) {
        advance(waiting.element());
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void advance(Message first) {
    Bytes bytes = first.bytes;
    if (bytes != null) {
      first.bytes = null;
      write(bytes);
      first.handedOver();
    }
    if ((room || !first.awaitsRoom()) && first.queue == this) {
      first.queue = null;
      waiting.remove(first);
      if (room) {
        first.room();
      }
    }
  }

  private void watch() {
    if (timer == null && failure == null && !waiting.isEmpty() && !patience.isZero()) {
      timer = out.loop().schedule(this::look, patience);
    }
  }

  private void look() {
    timer = null;
    Message first = waiting.peek();
    if (first == null) {
      return;
    }
    Duration left = patience.minusNanos(out.loop().nanoTime() - first.since);
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
