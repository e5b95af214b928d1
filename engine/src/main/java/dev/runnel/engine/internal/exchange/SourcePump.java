package dev.runnel.engine.internal.exchange;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.io.Loop;

/** Opens a pulled body where it lives, and lets it go when the call is over. */
final class SourcePump {
  private SourcePump() {}

  static void start(ServerExchange call, Body.Source source, OutboundBody out) {
    Loop home = source.home();
    if (home == null || home.equals(call.loop())) {
      pump(call, source.open(), out);
    } else {
      home.execute(() -> openAtHome(call, source, out));
    }
  }

  private static void openAtHome(ServerExchange call, Body.Source source, OutboundBody out) {
    Loop here = call.loop();
    try {
      BodyReader reader = source.open().on(here);
      here.execute(() -> call.guard(() -> pump(call, reader, out)));
    } catch (RuntimeException e) {
      here.execute(() -> call.fail(e));
    }
  }

  private static void pump(ServerExchange call, BodyReader reader, OutboundBody out) {
    call.onEnd(outcome -> reader.cancel()); // in vain where it was read to its end
    new BodyPump(call, reader, out).pump();
  }
}
