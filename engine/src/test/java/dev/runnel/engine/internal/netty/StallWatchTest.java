package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.WireEnd;
import dev.runnel.memory.WireFaults;
import dev.runnel.transport.memory.MemoryNetwork;
import dev.runnel.transport.memory.MemoryServer;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client is judged by what it takes, whatever is written meanwhile. */
class StallWatchTest {
  private final Clock clock = new Clock();
  private final MemoryNetwork network = new MemoryNetwork(clock, 0, false, () -> WireFaults.NONE);
  private final BlockingThreads blocking = new BlockingThreads(1);
  private final List<CancelCause> causes = new ArrayList<>();

  private static final class Clock implements MemoryClock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void wake() {
      // the test says when it runs
    }

    @Override
    public void alarm(long nanoTime) {
      // the test moves the clock
    }
  }

  @AfterEach
  void close() {
    network.close();
    blocking.close();
  }

  private MemoryServer serve(Handler handler) {
    return network.serve(
        ServerOptions.builder().watchdog(Duration.ZERO).build(), handler, blocking, null);
  }

  /** A client that has asked, and reads nothing. */
  private WireEnd ask(int room) throws ConnectException {
    WireFaults faults = WireFaults.NONE.toClient(lane -> lane.withCapacity(room));
    WireEnd client = network.connect(MemoryNetwork.PORT, faults);
    int sent = client.write(Bytes.utf8("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assertThat(sent).isPositive();
    advance(Duration.ZERO);
    return client;
  }

  private void advance(Duration time) {
    long until = clock.now + time.toNanos();
    network.run();
    while (clock.now < until) {
      clock.now = Math.min(until, Math.max(clock.now, network.nextTimer()));
      network.run();
    }
  }

  private void stop(MemoryServer server) {
    CompletableFuture<?> stopped = server.stop(Duration.ZERO);
    advance(Duration.ofSeconds(5));
    assertThat(stopped).isDone();
  }

  /** What waits for this client looks the same at every look: 64 KiB go, and 64 KiB come. */
  @Test
  void whoTakesAsMuchAsIsWrittenIsKept() throws ConnectException {
    MemoryServer server =
        serve(
            call -> {
              call.onCancel(causes::add);
              call.respond(Response.ok(new byte[1 << 20]));
            });
    WireEnd client = ask(128 << 10);
    for (int i = 0; i < 8; i++) {
      advance(Duration.ofSeconds(14));
      assertThat(causes).isEmpty();
      assertThat(client.read()).isNotNull();
    }
    stop(server);
  }

  @Test
  void whoTakesNothingWhileMoreIsWrittenIsGivenUp() throws ConnectException {
    List<BodyWriter> outs = new ArrayList<>();
    MemoryServer server =
        serve(
            call -> {
              call.onCancel(causes::add);
              outs.add(call.respond(Status.OK, Headers.EMPTY));
            });
    WireEnd unused = ask(1000);
    write(outs.get(0), "x".repeat(2000));
    for (int i = 0; i < 29; i++) {
      advance(Duration.ofSeconds(1));
      assertThat(causes).isEmpty();
      write(outs.get(0), "tick");
    }
    advance(Duration.ofSeconds(2));
    assertThat(causes).containsExactly(CancelCause.WRITE_STALLED);
    stop(server);
  }

  private void write(BodyWriter out, String text) {
    out.loop()
        .execute(
            () -> {
              boolean unused = out.write(Bytes.utf8(text));
            });
    network.run();
  }
}
