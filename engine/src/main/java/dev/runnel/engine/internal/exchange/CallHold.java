package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Exchange.Hold;
import dev.runnel.io.Loop;
import java.util.concurrent.atomic.AtomicBoolean;

/** One hold on a call; counts once, however often and wherever it is released. */
final class CallHold extends AtomicBoolean implements Hold, Runnable {
  private final transient ServerExchange call;

  CallHold(ServerExchange call) {
    this.call = call;
  }

  @Override
  public void release() {
    if (compareAndSet(false, true)) {
      Loop loop = call.loop();
      if (loop.inLoop()) {
        call.released();
      } else {
        loop.execute(this);
      }
    }
  }

  @Override
  public void run() {
    call.released();
  }
}
