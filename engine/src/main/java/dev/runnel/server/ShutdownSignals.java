package dev.runnel.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first one stops in order, a second one ends the process at once. A
 * shutdown hook cannot see a second signal, so signal handlers are used where the JVM has them (all
 * common ones), and a hook elsewhere.
 */
final class ShutdownSignals {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");
  private static final int EXIT_INTERRUPTED = 130;

  private ShutdownSignals() {}

  static void install(Consumer<String> stop) {
    AtomicInteger seen = new AtomicInteger();
    Consumer<String> onSignal = name -> received(name, seen, stop);
    try {
      handle("TERM", onSignal);
      handle("INT", onSignal);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("no signal handlers here, using a shutdown hook", e);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop.accept("shutdown"), "runnel-shutdown"));
    }
  }

  private static void received(String name, AtomicInteger seen, Consumer<String> stop) {
    if (seen.getAndIncrement() > 0) {
      LOG.warn("{} again: ending at once", name);
      Runtime.getRuntime().halt(EXIT_INTERRUPTED);
    }
    // Not on the signal's own thread, which must be free for the second one.
    Thread stopper = new Thread(() -> stop.accept(name), "runnel-stop");
    stopper.setDaemon(false);
    stopper.start();
  }

  /**
   * {@code sun.misc.Signal.handle}, by reflection because it is no part of the platform's promised
   * API.
   */
  private static void handle(String name, Consumer<String> onSignal)
      throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler call =
        (proxy, method, args) -> {
          if (method.getName().equals("handle")) {
            onSignal.accept("SIG" + name);
          }
          return null;
        };
    Object listener =
        Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
  }
}
