package dev.runnel.engine.internal.netty;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.Executor;

/**
 * Event loops with a small quantum for tasks: with Netty's own, a loop of yield() held back the
 * flush for a second.
 */
final class LoopGroup extends MultiThreadIoEventLoopGroup {
  private static final int MAX_TASKS = Integer.MAX_VALUE;
  private static final long QUANTUM_MILLIS = 5;

  LoopGroup(int loops, String threads, IoHandlerFactory handlers) {
    super(loops, new DefaultThreadFactory(threads, true), handlers);
  }

  @Override
  protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
    return new SingleThreadIoEventLoop(
        this, executor, handlers, MAX_TASKS, RejectedExecutionHandlers.reject(), QUANTUM_MILLIS);
  }
}
