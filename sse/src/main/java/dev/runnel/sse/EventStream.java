package dev.runnel.sse;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Status;
import dev.runnel.hub.Format;
import dev.runnel.hub.Hub;
import dev.runnel.hub.HubOptions;
import dev.runnel.hub.Subscriber;
import dev.runnel.hub.Subscription;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events on its way to one client, under both faces: when the head is sent, heartbeats,
 * what a slow client means, the end at a stop. Owned by the loop of its call.
 */
final class EventStream implements Subscriber {
  private static final Bytes HEARTBEAT = Bytes.utf8(":\n\n");

  private final Exchange call;
  private final SseOptions options;
  private final Owner owner;
  private final SseStats stats;
  private final EventWriter out;
  private final SendQueue queue;
  private final @Nullable DroppingQueue waiting;
  private Loop.@Nullable Timer opening;
  private Loop.@Nullable Timer heartbeat;
  private @Nullable String closed;
  private @Nullable Runnable afterStop;
  private boolean over;
  private boolean stopped;
  private volatile long dropped; // written by the loop only

  /** Who writes the stream, told on the loop. */
  interface Owner {
    /** The server stops, and the stream has been ended for it. */
    void stopped();

    /** Something that the stream does by itself failed, and with it the call. */
    void failed(Throwable error);

    /** Nothing is sent any more, for whatever reason. */
    default void over() {}
  }

  EventStream(Exchange call, BodyWriter writer, SseOptions options, Owner owner) {
    this.call = call;
    this.options = options;
    this.owner = owner;
    this.stats = SseStats.of(call.server());
    EventGzip gzip = options.gzip() ? EventGzip.of(call.request()) : null;
    if (options.gzip()) {
      call.onHead(head -> EventGzip.describe(head, gzip != null));
    }
    this.out = new EventWriter(writer, gzip, this::begun);
    SseOverflow overflow = options.overflow();
    // Where no sender waits, an event may wait as long as the client takes anything at all.
    Duration patience = overflow.suspends() ? options.patience() : Duration.ZERO;
    this.queue = new SendQueue(out, patience, this::tooSlow);
    this.waiting = overflow.drops() ? overflow.waiting(queue, this::drop) : null;
  }

  /** Begins. The owner may hear of a stop before this returns. */
  void begin() {
    stats.begin();
    call.onCancel(cause -> over("the call was cancelled: " + cause));
    call.onEnd(outcome -> over("its answer is over"));
    if (!over && !options.openAfter().isZero()) {
      opening = loop().schedule(() -> guard(out::commit), options.openAfter());
    }
    call.onStop(this::stop);
  }

  @Override
  public Loop loop() {
    return out.loop();
  }

  /** Where messages to the client wait for their turn. */
  @Override
  public SendQueue queue() {
    return queue;
  }

  @Override
  public boolean takesManyAsOne() {
    return true;
  }

  /** Has it get what is broadcast from now on; it leaves when it ends. */
  <T> Subscription join(Hub<T> hub, Format<? super T> format, @Nullable HubOptions<T> own) {
    refuseClosed();
    return own == null ? hub.subscribe(format, this) : hub.subscribe(format, this, own);
  }

  /** How many events were dropped. */
  long dropped() {
    return dropped;
  }

  /** Whether nothing can be sent any more. */
  boolean isClosed() {
    return closed != null;
  }

  /** Whether the stream was ended, or is about to be, because the server stops. */
  boolean isStopped() {
    return stopped;
  }

  /** Sends the head, if it was not sent. */
  void open() {
    refuseClosed();
    out.commit();
  }

  /**
   * Keeps the head back for another answer.
   *
   * @throws IllegalStateException if it is sent
   */
  void refuseCommitted(Status other) {
    if (call.isCommitted()) {
      throw new IllegalStateException(
          "the head of the stream is sent: too late to answer with "
              + other
              + "; reject before open() and the first send, and sooner than SseOptions.openAfter");
    }
    if (loop().inLoop()) { // elsewhere whoever comes first wins
      stopOpening();
    }
  }

  /**
   * Takes an event as the policy has it.
   *
   * @return null if the sender may go on; else what it has to put into the queue and wait for:
   *     nothing but the room behind its event, or the event
   */
  @Nullable Bytes put(ServerEvent event) {
    refuseClosed();
    if (waiting != null) {
      waiting.put(event);
      return null;
    }
    boolean suspends = options.overflow().suspends();
    if (queue.offer(event.encoded())) {
      return queue.isFree() || !suspends ? null : Bytes.EMPTY;
    }
    if (!suspends) {
      tooSlow();
      throw closing();
    }
    return event.encoded();
  }

  /**
   * Ends the sending: what waits still goes out, then this runs. After a stop it runs behind the
   * last word that tells of it, and never where the call ends before that.
   */
  void drain(Runnable ended) {
    Runnable then =
        () -> {
          guard(out::seal);
          ended.run();
        };
    if (stopped && !over) {
      afterStop = then;
    } else if (closed == null && queue.size() > 0) {
      closed = "its handler has returned or closed it";
      queue.send(new Last(Bytes.EMPTY, then));
    } else {
      closed = closed == null ? "its handler has returned or closed it" : closed;
      then.run();
    }
  }

  /** Ends the stream behind what waits. Does nothing to one that has ended. */
  void end() {
    if (closed == null) {
      drain(this::finish);
    }
  }

  /** The owner is through with it, whatever became of the call. */
  void release() {
    over("its handler has returned");
  }

  /** Why nothing can be sent any more. */
  RuntimeException closing() {
    CancelCause cause = call.cancelled();
    if (cause != null) {
      return new CallCancelledException(cause);
    }
    return new SseClosedException(closed == null ? "" : closed);
  }

  private void refuseClosed() {
    if (closed != null) {
      throw closing();
    }
  }

  private void stopOpening() {
    if (opening != null) {
      opening.cancel();
      opening = null;
    }
  }

  private void begun() {
    stopOpening();
    if (!over && !options.heartbeat().isZero()) {
      heartbeat = loop().schedule(() -> guard(this::beat), options.heartbeat());
    }
  }

  /** One timer, looked at when it is due: a write costs no more than to note when it was. */
  private void beat() {
    Duration idle = Duration.ofNanos(loop().nanoTime() - out.lastWrite());
    Duration left = options.heartbeat().minus(idle);
    if (left.isZero() || left.isNegative()) {
      queue.offer(HEARTBEAT); // behind events that wait it would tell nobody anything
      left = options.heartbeat();
    }
    if (!over) {
      heartbeat = loop().schedule(() -> guard(this::beat), left);
    }
  }

  private void stop() {
    if (closed != null) {
      return;
    }
    closed = "the server stops";
    stopped = true;
    Duration base = options.stopRetry();
    Bytes word = base.isZero() ? Bytes.EMPTY : ServerEvent.retry(jittered(base)).encoded();
    queue.send(new Last(word, this::endStopped));
  }

  private static Duration jittered(Duration base) {
    long millis = base.toMillis();
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1));
  }

  private void endStopped() {
    finish();
    owner.stopped();
    Runnable then = afterStop;
    if (then != null) {
      then.run();
    }
  }

  private void finish() {
    guard(out::end);
    over("its answer is over");
  }

  /** The client takes too little: the call is over. */
  @Override
  public void tooSlow() {
    if (!over) {
      stats.slow();
      call.cancel(CancelCause.SLOW_CONSUMER);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void drop() {
    dropped++;
    stats.drop();
  }

  /** What the stream does by itself is in nobody's call who could see it fail. */
  private void guard(Runnable step) {
    if (over) {
      return;
    }
    try {
      step.run();
    } catch (CallCancelledException e) {
      // The owner knows already.
    } catch (RuntimeException e) {
      owner.failed(e);
    }
  }

  private void over(String why) {
    if (over) {
      return;
    }
    over = true;
    if (closed == null) {
      closed = why;
    }
    stopOpening();
    if (heartbeat != null) {
      heartbeat.cancel();
    }
    stats.end();
    out.close();
    queue.fail(closing());
    owner.over();
  }

  @Override
  public String toString() {
    return "EventStream(" + call.request().id() + ")";
  }

  /** What comes last, once it is in the transport's hands. */
  private static final class Last extends SendQueue.Message {
    private @Nullable Runnable then;

    Last(Bytes bytes, Runnable then) {
      super(bytes);
      this.then = then;
    }

    @Override
    protected boolean awaitsRoom() {
      return false;
    }

    @Override
    protected void handedOver() {
      Runnable task = then;
      then = null;
      if (task != null) {
        task.run();
      }
    }

    /** One without bytes is not handed over, but its turn comes when all before it were. */
    @Override
    protected void room() {
      handedOver();
    }
  }
}
