package dev.runnel.engine.internal.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes once, at the end of the loop's turn, all connections that were written to outside of a
 * read. This is worth more than anything else in the engine: one system call per connection and
 * turn instead of one per answer (measured: 4 to 5 times less CPU for answers that come after a
 * suspension).
 */
final class FlushGate implements Runnable {
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

  @Override
  public void run() {
    List<NettyLink> batch = waiting;
    waiting = flushing;
    flushing = batch;
    armed = false;
    running = true;
    try {
      for (NettyLink link : batch) {
        link.flushFromGate();
      }
    } finally {
      batch.clear();
      running = false;
    }
  }
}
