package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.h1.Http1Loop;
import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.io.Loop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All that the connections of one server share on one loop. Owned by the loop unless said
 * otherwise.
 */
final class LoopServices {
  /** No connection waits for a request. */
  static final long NONE_IDLE = Long.MAX_VALUE;

  // Pipelined requests are parsed from one copy; more than one read's worth is of no use.
  private static final int SCRATCH = 64 << 10;

  final LoopContext context;
  final FlushGate gate;
  final LoopScratch scratch;
  final Http1Loop http1;
  private final EventLoop eventLoop;
  private final LinkList idle = new LinkList();
  private final LinkList busy = new LinkList();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong idleSince = new AtomicLong(NONE_IDLE);

  LoopServices(EventLoop eventLoop, ServerState server, Duration tick) {
    this.eventLoop = eventLoop;
    this.context = new LoopContext(new NettyLoop(eventLoop), server, tick);
    this.gate = new FlushGate(eventLoop);
    int longest = Http1Loop.longestHead(server.options().limits());
    this.scratch = new LoopScratch(Math.max(SCRATCH, longest));
    this.http1 = new Http1Loop(server.options().limits());
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  Loop loop() {
    return context.loop();
  }

  void opened(NettyLink link) {
    busy.add(link);
    count.lazySet(count.getPlain() + 1);
  }

  void closed(NettyLink link) {
    LinkList.remove(link);
    publishOldest();
    count.lazySet(count.getPlain() - 1);
  }

  void idle(NettyLink link, boolean waits) {
    LinkList.remove(link);
    if (waits) {
      link.idleSince = loop().nanoTime();
      idle.add(link);
    } else {
      busy.add(link);
    }
    publishOldest();
  }

  private void publishOldest() {
    NettyLink oldest = idle.first();
    long since = oldest == null ? NONE_IDLE : oldest.idleSince;
    if (since != idleSince.getPlain()) {
      idleSince.lazySet(since);
    }
  }

  /** How many connections there are. Any thread. */
  int connections() {
    return count.get();
  }

  /** Since when the longest-idle connection waits. Any thread. */
  long idleSince() {
    return idleSince.get();
  }

  /** Closes the connection that waits longest, if one does. */
  void closeOldestIdle() {
    NettyLink oldest = idle.first();
    if (oldest != null) {
      oldest.machine().closeIfIdle();
    }
  }

  List<NettyLink> links() {
    List<NettyLink> all = new ArrayList<>(idle.snapshot());
    all.addAll(busy.snapshot());
    return all;
  }
}
