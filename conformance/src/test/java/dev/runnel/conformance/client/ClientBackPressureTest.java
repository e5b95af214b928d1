package dev.runnel.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.Client;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Content;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A quarter of a gigabyte from somebody fast to somebody slow: what is on its way between them is
 * bounded, and so is the memory that it takes. The slow one takes a part, stops until nothing moves
 * any more, and goes on.
 */
@Timeout(180)
class ClientBackPressureTest {
  private static final long SIZE = Long.getLong("runnel.flow.bytes", 1L << 28);
  private static final int STOPS = 4;
  private static final int PIECE = 64 << 10;
  private static final Bytes BYTES = Bytes.Unsafe.wrap(new byte[PIECE]);
  private static final long MEMORY = 16L << 20;

  /** Windows, 1 MiB each, and what lies before the sockets. */
  private static final long OURS = 3L << 20;

  private final AtomicLong produced = new AtomicLong();

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void slowReader(Way way) throws Exception {
    CompletableFuture<Void> through = new CompletableFuture<>();
    try (LiveServer server = way.server(this::produce);
        Client client = way.client().build()) {
      Response response =
          Eventually.get(client.send(Request.get(way.url(server, "/"))), "the answer");
      Content content = response.content();
      Loop home = content.home();
      assertThat(home).isNotNull();
      CompletableFuture<Taking> taking = new CompletableFuture<>();
      home.execute(() -> taking.complete(new Taking(content.reader(), home, through)));
      takeInParts(way, Eventually.get(taking, "the body"), through);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void slowServer(Way way) throws Exception {
    CompletableFuture<Void> through = new CompletableFuture<>();
    CompletableFuture<Taking> taking = new CompletableFuture<>();
    try (LiveServer server = way.server(x -> take(x, taking, through));
        Client client = way.client().build()) {
      Body.Producer body = writer -> new Producing(writer).run();
      CompletableFuture<Response> answer =
          client.send(Request.post(way.url(server, "/")).body(body));
      takeInParts(way, Eventually.get(taking, "the body"), through);
      assertThat(Eventually.get(answer, "the answer").content().text()).isEqualTo("taken");
    }
  }

  private void produce(Exchange x) {
    new Producing(x.respond(Status.OK, Headers.EMPTY)).run();
  }

  private static void take(
      Exchange x, CompletableFuture<Taking> taking, CompletableFuture<Void> through) {
    taking.complete(new Taking(x.body(), x.loop(), through));
    var unused =
        through.whenCompleteAsync((done, error) -> x.respond(Response.ok("taken")), x.loop());
  }

  private void takeInParts(Way way, Taking taking, CompletableFuture<Void> through)
      throws Exception {
    long bound = OURS + (way == Way.HTTP_1_1 ? inSockets() : 0);
    long before = memory();
    for (int stop = 1; stop < STOPS; stop++) {
      taking.allow(SIZE / STOPS * stop);
      Eventually.until(taking::isResting, () -> taking.taken() + " bytes were taken");
      awaitStill();
      assertThat(produced.get() - taking.taken()).as("bytes on their way").isBetween(1L, bound);
      assertThat(memory() - before).as("bytes of memory").isLessThan(MEMORY);
    }
    taking.allow(Long.MAX_VALUE);
    Eventually.getOfMany(through, "all to be through");
    assertThat(taking.taken()).isEqualTo(SIZE);
    assertThat(produced).hasValue(SIZE);
  }

  /**
   * Over HTTP/1.1 it is the sockets that hold most, outside of our memory: as much as Linux lets
   * them grow to, where it says so.
   */
  private static long inSockets() throws IOException {
    long sum = 0;
    for (String direction : List.of("tcp_rmem", "tcp_wmem")) {
      Path sizes = Path.of("/proc/sys/net/ipv4", direction);
      sum += Files.exists(sizes) ? largest(sizes) : 8 << 20;
    }
    return sum;
  }

  /** Of the least, the usual and the largest size; the kernel gives them to one read only. */
  private static long largest(Path sizes) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(sizes)) {
      String line = reader.readLine();
      return Long.parseLong(line.substring(line.lastIndexOf('\t') + 1));
    }
  }

  /** Waits until the producer has nowhere to go: nothing moved for a while. */
  private void awaitStill() {
    AtomicLong last = new AtomicLong(-1);
    AtomicLong same = new AtomicLong();
    Eventually.until(
        () -> {
          long now = produced.get();
          return last.getAndSet(now) == now ? same.incrementAndGet() > 50 : same.getAndSet(0) < 0;
        },
        "the producer to be held");
  }

  /** What the heap holds for good, and what Netty has outside of it. */
  private static long memory() {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return heap + Math.max(0, PlatformDependent.usedDirectMemory());
  }

  /** Writes whenever it may. */
  private final class Producing implements Runnable {
    private final BodyWriter out;
    private long left = SIZE;

    Producing(BodyWriter out) {
      this.out = out;
    }

    @Override
    public void run() {
      boolean more = true;
      while (more && left > 0) {
        left -= PIECE;
        more = out.write(BYTES);
        long unused = produced.addAndGet(PIECE);
      }
      if (left > 0) {
        out.onWritable(this);
      } else {
        out.end();
      }
    }
  }

  /** Reads no more than it is allowed to, at the least one piece more. */
  private static final class Taking implements Runnable {
    private final BodyReader in;
    private final Loop loop;
    private final CompletableFuture<Void> through;
    private volatile long taken;
    private volatile long allowed;
    private volatile boolean resting = true;

    Taking(BodyReader in, Loop loop, CompletableFuture<Void> through) {
      this.in = in;
      this.loop = loop;
      this.through = through;
    }

    void allow(long bytes) {
      loop.execute(
          () -> {
            allowed = bytes;
            resting = false;
            run();
          });
      Eventually.until(() -> allowed == bytes, "the loop to hear it");
    }

    long taken() {
      return taken;
    }

    boolean isResting() {
      return resting;
    }

    @Override
    public void run() {
      try {
        long sum = taken;
        Bytes next = sum < allowed ? in.poll() : null;
        while (next != null) {
          sum += next.length();
          next = sum < allowed ? in.poll() : null;
        }
        taken = sum;
        goOn();
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    private void goOn() {
      if (in.ended()) {
        boolean unused = through.complete(null);
      } else if (taken < allowed) {
        in.onReady(this);
      } else {
        resting = true;
      }
    }

    private void fail(@Nullable Throwable error) {
      boolean unused = through.completeExceptionally(error);
    }
  }
}
