package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.Endpoint;
import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.engine.internal.exchange.TurnStarts;
import dev.runnel.engine.internal.h1.Http1Loop;
import dev.runnel.engine.internal.h2.Http2Loop;
import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.io.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All that the connections of one server, or one client, share on one loop. Owned by the loop
 * unless said otherwise.
 */
final class LoopServices {
  /** No connection waits for a request. */
  static final long NONE_IDLE = Long.MAX_VALUE;

  // Pipelined requests are parsed from one copy; more than one read's worth is of no use.
  private static final int SCRATCH = 64 << 10;

  final LoopContext context;
  final FlushGate gate;
  final LoopScratch scratch;
  private final Batches batches = new Batches();
  private final Runnable endOfTurn = this::clearBatches;
  private boolean clearing;
  private boolean collectsStarts;
  final Http1Loop http1;
  final Http2Loop http2;
  private final EventLoop eventLoop;
  private final LinkList idle = new LinkList();
  private final LinkList busy = new LinkList();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong idleSince = new AtomicLong(NONE_IDLE);
  private final AtomicLong events = new AtomicLong();
  private @Nullable ConnectionLimit limit;

  LoopServices(EventLoop eventLoop, Endpoint endpoint, Duration tick) {
    this.eventLoop = eventLoop;
    this.context = new LoopContext(new NettyLoop(eventLoop), endpoint, tick);
    this.gate = new FlushGate(eventLoop);
    int longest = Http1Loop.longestHead(endpoint.limits());
    this.scratch = new LoopScratch(Math.max(SCRATCH, longest));
    this.http1 = new Http1Loop(endpoint.limits());
    this.http2 = new Http2Loop(endpoint.limits());
  }

  /** Who wants to know when a connection becomes idle. Told before the server listens. */
  void limitedBy(ConnectionLimit connectionLimit) {
    limit = connectionLimit;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  Loop loop() {
    return context.loop();
  }

  void opened(NettyLink link) {
    if (!collectsStarts) {
      collectsStarts = true;
      collectStarts();
    }
    busy.add(link);
    count.lazySet(count.getPlain() + 1);
  }

  void closed(NettyLink link) {
    LinkList.remove(link);
    publishOldest();
    count.lazySet(count.getPlain() - 1);
  }

  private void collectStarts() {
    if (eventLoop instanceof SingleThreadEventLoop ordinary) {
      TurnStarts.collectOnThisThread(
          starts -> {
            if (ordinary.isShuttingDown()) {
              return false; // this turn may be the last
            }
            ordinary.executeAfterEventLoopIteration(starts);
            return true;
          });
    }
  }

  /** A connection waits for a request, or does no more. One that never had any is not idle. */
  void idle(NettyLink link, boolean waits) {
    if (waits && !link.served) {
      return; // its first request has the time of a head, and may be on its way
    }
    LinkList.remove(link);
    if (waits) {
      link.idleSince = context.now();
      idle.add(link);
    } else {
      link.served = true;
      busy.add(link);
    }
    publishOldest();
  }

  private void publishOldest() {
    NettyLink oldest = idle.first();
    long since = oldest == null ? NONE_IDLE : oldest.idleSince;
    long before = idleSince.getPlain();
    if (since == before) {
      return;
    }
    // Not lazily: whoever accepts counts first and looks here then, we do so the other way round.
    // One of us must see the other.
    idleSince.set(since);
    boolean turned = since == NONE_IDLE || before == NONE_IDLE;
    if (limit != null && turned && limit.isReached() && !eventLoop.isShuttingDown()) {
      // Behind this turn: a connection that does not wait any more because it is being closed has
      // given its place back by then, and nobody is told that all are taken.
      nextTurn(limit::idleChanged);
    }
  }

  /** A buffer for what a connection writes next. */
  ByteBuf beginBatch(ByteBufAllocator allocator) {
    return batches.begin(allocator);
  }

  /**
   * That buffer is about to be written. Until the end of this turn others may use it again: a loop
   * that sleeps holds none.
   */
  void batchWritten(ByteBuf batch) {
    // One that is turned by hand, or ends, may have no end of a turn.
    if (eventLoop instanceof SingleThreadEventLoop ordinary && !ordinary.isShuttingDown()) {
      batches.written(batch);
      if (!clearing) {
        clearing = true;
        ordinary.executeAfterEventLoopIteration(endOfTurn);
      }
    }
  }

  private void clearBatches() {
    clearing = false;
    batches.clear();
  }

  /** How many connections there are. Any thread. */
  int connections() {
    return count.get();
  }

  /** Since when the longest-idle connection waits. Any thread. */
  long idleSince() {
    return idleSince.get();
  }

  /** Closes the connection that waits longest; null if none does. */
  @Nullable Channel closeOldestIdle() {
    NettyLink oldest = idle.first();
    if (oldest == null) {
      return null;
    }
    oldest.machine().closeIfIdle();
    return oldest.channel();
  }

  /** Something was done for a connection: the loop is busy, but not held. */
  void event() {
    events.lazySet(events.getPlain() + 1);
  }

  /** Changes as long as the loop goes from one connection to the next. Any thread. */
  long events() {
    return events.get();
  }

  /** Runs this when the loop has looked after all its connections once more. */
  void nextTurn(Runnable task) {
    if (eventLoop instanceof SingleThreadEventLoop ordinary) {
      // Tasks of tasks run in the same turn, and so do tail tasks of tail tasks.
      ordinary.executeAfterEventLoopIteration(() -> ordinary.execute(task));
    } else {
      eventLoop.execute(task);
    }
  }

  List<NettyLink> links() {
    List<NettyLink> all = new ArrayList<>(idle.snapshot());
    all.addAll(busy.snapshot());
    return all;
  }
}
