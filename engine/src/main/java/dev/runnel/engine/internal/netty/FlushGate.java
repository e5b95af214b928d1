package dev.runnel.engine.internal.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes once, at the end of the loop's turn, all connections that were written to outside of a
 * read. This is worth more than anything else in the engine: one system call per connection and
 * turn instead of one per answer (measured: 4 to 5 times less CPU for answers that come after a
 * suspension).
 */
final class FlushGate implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  private final EventLoop loop;
  private List<NettyLink> waiting = new ArrayList<>();
  private List<NettyLink> flushing = new ArrayList<>();
  private boolean armed;
  private boolean running;

  FlushGate(EventLoop loop) {
    this.loop = loop;
  }

  void add(NettyLink link) {
    waiting.add(link);
    if (!armed) {
      armed = true;
      arm();
    }
  }

  private void arm() {
    // A tail task that adds itself again would starve the loop; and a manual loop has no tail
    // tasks.
    if (!running && loop instanceof SingleThreadEventLoop ordinary) {
      ordinary.executeAfterEventLoopIteration(this);
    } else {
      loop.execute(this);
    }
  }

  /** One that fails must not keep the others' answers back. */
  private static void flush(NettyLink link) {
    try {
      link.flushFromGate();
    } catch (RuntimeException e) {
      LOG.error("a connection could not be flushed, closed", e);
      link.closeNow();
    }
  }

  @Override
  public void run() {
    List<NettyLink> batch = waiting;
    waiting = flushing;
    flushing = batch;
    armed = false;
    running = true;
    try {
      for (NettyLink link : batch) {
        flush(link);
      }
    } finally {
      batch.clear();
      running = false;
    }
  }
}
