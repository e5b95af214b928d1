package dev.runnel.engine.internal.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Lets a ManualIoEventLoop end without a pause. One that shuts down with nothing to do sleeps a
 * tenth of a second of the wall clock and looks whether its own clock went on meanwhile, which a
 * mock one never does. With a task to do and no quiet period it ends at once.
 */
final class PromptShutdown implements IoHandler {
  private final ThreadAwareExecutor loop;
  private final IoHandler handler;

  private PromptShutdown(ThreadAwareExecutor loop, IoHandler handler) {
    this.loop = loop;
    this.handler = handler;
  }

  static IoHandlerFactory of(IoHandlerFactory factory) {
    return loop -> new PromptShutdown(loop, factory.newHandler(loop));
  }

  @Override
  public void prepareToDestroy() {
    handler.prepareToDestroy();
    loop.execute(() -> {});
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return handler.run(context);
  }

  @Override
  public void destroy() {
    handler.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return handler.register(handle);
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }
}
