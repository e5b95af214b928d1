package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Timeouts;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that take or send next to nothing. A well-behaved client beside them is compared with
 * itself alone, by the time that the loop has the processor, which a loaded machine does not
 * stretch. The bound is wide, because what is looked for is a loop that does work for each of the
 * slow in each turn, and that shows by orders of magnitude; one that waits for them never answers.
 */
class SlowPeersTest {
  private static final int REQUESTS = 400;
  private static final double MOST_TIMES_SLOWER = 8;
  private static final long AND_MILLIS = 500;

  /** What one byte of a slow writer may cost the loop, with its system call, on a slow machine. */
  private static final long MICROS_A_BYTE = 100;

  private static final Bytes PIECE = Bytes.Unsafe.wrap(new byte[16 << 10]);

  private final List<RawClient> slow = new ArrayList<>();
  private final AtomicLong dripped = new AtomicLong();
  private volatile long loop;

  @AfterEach
  void closeAll() throws IOException {
    for (RawClient client : slow) {
      client.reset();
    }
  }

  @Test
  void slowReaders() throws Exception {
    try (LiveServer server = LiveServer.start(this::handle, o -> o.loops(1))) {
      long alone = workFor(server.port());
      for (int i = 0; i < 300; i++) {
        RawClient client = new RawClient(server.port(), 1024);
        client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
        slow.add(client);
      }
      Eventually.until(() -> server.server().calls() == 300, "300 slow readers");
      assertNotSlower(server.port(), alone);
      closeAll();
    }
  }

  @Test
  void slowWriters() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (LiveServer server = LiveServer.start(this::handle, o -> o.loops(1))) {
      long alone = workFor(server.port());
      for (int i = 0; i < 300; i++) {
        RawClient client = new RawClient(server.port());
        client.send("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
        slow.add(client);
      }
      Thread drip = new Thread(() -> drip(over));
      drip.start();
      Eventually.until(() -> server.server().calls() == 300, "300 slow writers");
      assertNotSlower(server.port(), alone);
      over.set(true);
      drip.join();
      closeAll();
    }
  }

  /** One byte to each in turn. */
  private void drip(AtomicBoolean over) {
    try {
      while (!over.get()) {
        for (RawClient client : slow) {
          client.send("x");
          dripped.incrementAndGet();
        }
        LockSupport.parkNanos(2_000_000);
      }
    } catch (IOException e) {
      throw new AssertionError("a slow client was cut off", e);
    }
  }

  /** The first must not be told that it is too slow before the last has come. */
  private static void patient(ServerOptions.Builder options) {
    options.loops(1).timeouts(Timeouts.DEFAULT.withRequestHead(Duration.ZERO));
  }

  @Test
  void slowloris() throws Exception {
    try (LiveServer server = LiveServer.start(this::handle, SlowPeersTest::patient)) {
      long alone = workFor(server.port());
      for (int i = 0; i < 3000; i++) {
        RawClient client = new RawClient(server.port());
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
        slow.add(client);
      }
      Eventually.until(() -> server.server().connections() >= 3000, "3000 half heads");
      assertNotSlower(server.port(), alone);
      closeAll();
    }
  }

  private void handle(Exchange x) {
    loop = Thread.currentThread().getId();
    switch (x.request().rawPath()) {
      case "/endless" -> new Endless(x.respond(Status.OK, Headers.EMPTY)).run();
      case "/sink" -> new Sink(x.body()).run();
      default -> x.respond(Response.ok("x".repeat(100)));
    }
  }

  private record Endless(BodyWriter out) implements Runnable {
    @Override
    public void run() {
      while (out.write(PIECE)) {
        // until the client is slower than we are
      }
      out.onWritable(this);
    }
  }

  private record Sink(BodyReader in) implements Runnable {
    @Override
    public void run() {
      while (in.poll() != null) {
        // thrown away
      }
      if (!in.ended()) {
        in.onReady(this);
      }
    }
  }

  private void assertNotSlower(int port, long alone) throws IOException {
    long before = dripped.get();
    long beside = workFor(port);
    long bytes = dripped.get() - before; // the more, the longer it takes by the wall
    System.out.printf(
        "%d requests: alone %d ms, beside the slow and %d bytes of theirs %d ms%n",
        REQUESTS, alone, bytes, beside);
    assertThat(beside)
        .isLessThan(
            (long) (alone * MOST_TIMES_SLOWER) + AND_MILLIS + bytes * MICROS_A_BYTE / 1_000);
  }

  /** The milliseconds of the processor that the loop needs while these are answered. */
  private long workFor(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      ask(client); // the first one warms up
      long begun = workOfLoop();
      ask(client);
      return (workOfLoop() - begun) / 1_000_000;
    }
  }

  private long workOfLoop() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(loop);
  }

  private static void ask(RawClient client) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }
  }
}
