package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.Handler;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.ServerOptions;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.WireEnd;
import dev.runnel.memory.WireFaults;
import dev.runnel.sse.Sse;
import dev.runnel.transport.memory.MemoryNetwork;
import dev.runnel.transport.memory.MemoryServer;
import dev.runnel.ws.WebSockets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Blocking code where the system has no thread left to give, as in a container at its limit: the
 * call is answered with 500, and nothing of it stays behind that a stop would wait for.
 */
class NoThreadTest {
  private static final String ASKS =
      """
      GET / HTTP/1.1
      Host: a
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

      """
          .replace("\n", "\r\n");

  /** What runs blocking code. */
  private enum Kind {
    HANDLER,
    OUTPUT,
    EVENTS,
    SESSION
  }

  private static Handler handler(Kind kind) {
    return switch (kind) {
      case HANDLER -> Handlers.blocking(request -> Response.ok());
      case OUTPUT -> x -> x.respond(Response.output("text/plain", out -> out.write('x')));
      case EVENTS -> x -> x.respond(Sse.stream(sink -> sink.comment("x")));
      case SESSION -> x -> x.respond(WebSockets.blocking(x.request(), session -> {}));
    };
  }

  /** No thread for anybody. */
  private static final class Exhausted implements Blocking {
    @Override
    public <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then) {
      throw new OutOfMemoryError("unable to create native thread");
    }

    @Override
    public int active() {
      return 0;
    }
  }

  private static final class Standing implements MemoryClock {
    @Override
    public long nanoTime() {
      return 1;
    }

    @Override
    public void wake() {}

    @Override
    public void alarm(long nanoTime) {}
  }

  @ParameterizedTest
  @EnumSource
  void theCallIsOverWithItsAnswer(Kind kind) throws Exception {
    MemoryNetwork network = new MemoryNetwork(new Standing(), 1, false, () -> WireFaults.NONE);
    MemoryServer server =
        network.serve(
            ServerOptions.builder().watchdog(Duration.ZERO).build(),
            handler(kind),
            new Exhausted(),
            null);
    WireEnd peer = network.connect(MemoryNetwork.PORT, WireFaults.NONE);
    peer.write(Bytes.utf8(ASKS));
    network.run();
    assertThat(all(peer)).startsWith("HTTP/1.1 500 ");
    assertThat(server.calls()).isZero();
    peer.reset();
    network.run();
    assertThat(server.connections()).isZero();
    assertThat(network.buffersLeft()).isEmpty();
  }

  private static String all(WireEnd peer) {
    StringBuilder text = new StringBuilder();
    for (Bytes bytes = peer.read(); bytes != null; bytes = peer.read()) {
      text.append(new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }
}
