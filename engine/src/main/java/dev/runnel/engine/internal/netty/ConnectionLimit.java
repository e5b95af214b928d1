package dev.runnel.engine.internal.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of connections: when all places are taken, the one that waits longest for a
 * request goes; when none waits, accepting pauses until a place is free, and the kernel's backlog
 * holds who comes.
 */
final class ConnectionLimit {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private final Collection<LoopServices> loops;
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();
  // Guarded by this.
  private final List<Channel> full = new ArrayList<>();
  private boolean paused;

  ConnectionLimit(Collection<LoopServices> loops, int limit) {
    this.loops = loops;
    this.limit = limit;
  }

  /** Counts what a listener accepts. */
  ChannelHandler acceptor() {
    return new Acceptor();
  }

  synchronized void pause(List<Channel> listeners) {
    paused = true;
    listeners.forEach(listener -> listener.config().setAutoRead(false));
  }

  synchronized void resume(List<Channel> listeners) {
    paused = false;
    for (Channel listener : listeners) {
      if (!full.contains(listener)) {
        listener.config().setAutoRead(true);
      }
    }
  }

  private void accepted(Channel listener, Channel connection) {
    int count = open.incrementAndGet();
    connection.closeFuture().addListener(closed -> release());
    if (count >= limit && !evict(count)) {
      hold(listener);
    }
  }

  /** Makes room for the next one; says whether there is some or will be at once. */
  private boolean evict(int count) {
    LoopServices oldest = oldest();
    if (oldest == null) {
      return false;
    }
    if (count > limit) {
      oldest.eventLoop().execute(oldest::closeOldestIdle);
    }
    return true;
  }

  private @Nullable LoopServices oldest() {
    LoopServices oldest = null;
    for (LoopServices services : loops) {
      long since = services.idleSince();
      if (since != LoopServices.NONE_IDLE && (oldest == null || since - oldest.idleSince() < 0)) {
        oldest = services;
      }
    }
    return oldest;
  }

  private synchronized void hold(Channel listener) {
    if (open.get() >= limit && !full.contains(listener)) {
      LOG.warn("all {} places are taken and no connection is idle: accepting pauses", limit);
      full.add(listener);
      listener.config().setAutoRead(false);
    }
  }

  private synchronized void release() {
    open.decrementAndGet();
    admitAgain();
  }

  /** Lets listeners go on that were held because there was no place. */
  private void admitAgain() {
    if (!full.isEmpty()) {
      List<Channel> held = new ArrayList<>(full);
      full.clear();
      if (!paused) {
        held.forEach(listener -> listener.config().setAutoRead(true));
      }
    }
  }

  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      accepted(ctx.channel(), (Channel) message);
      ctx.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Most often too many open files. Netty stops accepting for a second by itself.
      LOG.error("accepting failed: {}", cause.toString());
      ctx.fireExceptionCaught(cause);
    }
  }
}
