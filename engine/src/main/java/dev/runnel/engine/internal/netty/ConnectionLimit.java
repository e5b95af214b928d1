package dev.runnel.engine.internal.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of connections. When all places are taken, one more is let in only while another
 * one waits for a request; the one that waits longest then goes. When none waits, nobody is
 * accepted until a place is free or one waits, and the kernel's backlog holds who comes. A few more
 * than allowed can be there for a moment, because a listener takes several at once.
 */
final class ConnectionLimit {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  /** A crowded server says so again, but not with every connection. */
  private static final long REPEAT_NANOS = 10_000_000_000L;

  private final Collection<LoopServices> loops;
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger all = new AtomicInteger();
  // Guarded by this.
  private final List<Channel> limited = new ArrayList<>();
  private boolean paused;
  private boolean full;
  // Told to go and not gone yet: those known, and how many loops are still to choose one.
  private final Set<Channel> leaving = new HashSet<>();
  private int choosing;
  private long toldAt;

  ConnectionLimit(Collection<LoopServices> loops, int limit) {
    this.loops = loops;
    this.limit = limit;
    loops.forEach(services -> services.limitedBy(this));
  }

  /** Counts and limits what a listener accepts. */
  ChannelHandler acceptor() {
    return new Acceptor();
  }

  /** Counts what a listener accepts that the limit does not concern. */
  ChannelHandler exemptAcceptor() {
    return new Exempt();
  }

  /** How many channels were accepted by any listener and not closed, connections yet or not. */
  int accepted() {
    return all.get();
  }

  private void count(Channel connection) {
    all.incrementAndGet();
    connection.closeFuture().addListener(closed -> all.decrementAndGet());
  }

  synchronized void pause(List<Channel> listeners) {
    paused = true;
    listeners.forEach(listener -> listener.config().setAutoRead(false));
  }

  private synchronized boolean isPaused() {
    return paused;
  }

  synchronized void resume(List<Channel> listeners) {
    paused = false;
    for (Channel listener : listeners) {
      if (!full || !limited.contains(listener)) {
        listener.config().setAutoRead(true);
      }
      listener.pipeline().fireUserEventTriggered(Resumed.RESUMED);
    }
  }

  private enum Resumed {
    RESUMED
  }

  private synchronized void listens(Channel listener) {
    limited.add(listener);
  }

  private void accepted(Channel connection) {
    count(connection);
    int count = open.incrementAndGet();
    connection.closeFuture().addListener(closed -> released(connection));
    if (count >= limit) {
      decide();
    }
  }

  private synchronized void released(Channel connection) {
    leaving.remove(connection);
    if (open.getAndDecrement() >= limit) {
      decide();
    }
  }

  /** Whether all places are taken. Any thread. */
  boolean isReached() {
    return open.get() >= limit;
  }

  /** The first connection of a loop waits, or the last one does no more. Any loop. */
  void idleChanged() {
    if (isReached()) {
      decide();
    }
  }

  /** Whether listeners may accept, and whether somebody must go. */
  private synchronized void decide() {
    int count = open.get();
    boolean noPlace = count > limit || (count == limit && oldest() == null);
    if (noPlace != full) {
      full = noPlace;
      limited.forEach(listener -> listener.config().setAutoRead(!paused && !noPlace));
    }
    if (count - leaving.size() - choosing > limit) {
      evict();
    }
    if (noPlace) {
      tell();
    }
  }

  /** Closes the connection that waits longest, if one still does when its loop comes to it. */
  private void evict() {
    LoopServices oldest = oldest();
    if (oldest == null) {
      return;
    }
    choosing++;
    oldest.eventLoop().execute(() -> chosen(oldest.closeOldestIdle()));
  }

  private synchronized void chosen(@Nullable Channel closing) {
    choosing--;
    if (closing != null && closing.isOpen()) {
      leaving.add(closing);
    } else {
      decide(); // a request was faster, or it has gone already
    }
  }

  private void tell() {
    long now = loops.iterator().next().loop().nanoTime();
    if (oldest() == null && (toldAt == 0 || now - toldAt > REPEAT_NANOS)) {
      toldAt = now | 1; // 0 is never
      LOG.warn("all {} places are taken and no connection is idle: accepting pauses", limit);
    }
  }

  private @Nullable LoopServices oldest() {
    LoopServices oldest = null;
    long longest = 0;
    for (LoopServices services : loops) {
      long since = services.idleSince();
      if (since != LoopServices.NONE_IDLE && (oldest == null || since - longest < 0)) {
        oldest = services;
        longest = since;
      }
    }
    return oldest;
  }

  private final class Exempt extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      count((Channel) message);
      ctx.fireChannelRead(message);
    }
  }

  private final class Acceptor extends ChannelInboundHandlerAdapter {
    // Accepting that is under way when a pause begins cannot be called back: these wait for its
    // end.
    private final List<Channel> waiting = new ArrayList<>();

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      listens(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (isPaused()) {
        waiting.add((Channel) message);
      } else {
        admit(ctx, (Channel) message);
      }
    }

    private void admit(ChannelHandlerContext ctx, Channel connection) {
      accepted(connection);
      ctx.fireChannelRead(connection);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == Resumed.RESUMED) {
        List<Channel> admitted = List.copyOf(waiting);
        waiting.clear();
        admitted.forEach(connection -> admit(ctx, connection));
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      waiting.forEach(connection -> connection.unsafe().closeForcibly());
      waiting.clear();
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Most often too many open files. Netty stops accepting for a second by itself.
      LOG.error("accepting failed: {}", cause.toString());
      ctx.fireExceptionCaught(cause);
    }
  }
}
