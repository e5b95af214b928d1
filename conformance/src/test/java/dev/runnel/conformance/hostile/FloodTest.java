package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ServerObserver;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * HTTP/1.1 clients that ask for much work or memory with few bytes. What is asserted is how much
 * was done and held, never how long it took; a second client is served meanwhile.
 */
class FloodTest {
  private static final String GET = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final int EXTENSIONS = 1 << 10;
  private static final long MEBIBYTE = 1 << 20;

  /** How often the handler was woken, and what it got. */
  private static final class Count {
    int wakes;
    int pieces;
    long bytes;
  }

  private static void count(Exchange x, Count count) {
    if (x.request().rawPath().equals("/small")) {
      x.respond(Response.ok("small"));
    } else {
      new Counting(x, x.body(), count).run();
    }
  }

  private record Counting(Exchange x, BodyReader in, Count count) implements Runnable {
    @Override
    public void run() {
      count.wakes++;
      for (Bytes piece = in.poll(); piece != null; piece = in.poll()) {
        count.pieces++;
        count.bytes += piece.length();
      }
      if (in.ended()) {
        x.respond(Response.ok(count.bytes + " bytes"));
      } else {
        in.onReady(this);
      }
    }
  }

  private static void assertServed(MemoryServer server) {
    MemoryPeer other = server.connect();
    assertThat(other.send(GET).answer().body()).isEqualTo("small");
    other.close();
  }

  @Test
  void oneByteChunksWakeTheHandlerOncePerRead() {
    Count count = new Count();
    int chunks = 50_000;
    int reads = 50;
    try (MemoryServer server = MemoryServer.start(x -> count(x, count))) {
      MemoryPeer peer = server.connect();
      peer.send(CHUNKED);
      for (int i = 0; i < reads; i++) {
        peer.send("1\r\nx\r\n".repeat(chunks / reads));
        assertServed(server);
      }
      assertThat(peer.send("0\r\n\r\n").answer().body()).isEqualTo(chunks + " bytes");
    }
    assertThat(count.pieces).isLessThanOrEqualTo(chunks);
    // Reads may be cut in several by the receive buffer, but not in one for each chunk.
    assertThat(count.wakes).isLessThan(10 * reads);
  }

  @Test
  void chunkExtensionsAreCountedOverTheWholeBody() {
    Count count = new Count();
    try (MemoryServer server = MemoryServer.start(x -> count(x, count))) {
      MemoryPeer within = server.connect();
      String chunk = "1;" + "e".repeat(15) + "\r\nx\r\n";
      within.send(CHUNKED);
      within.send(chunk.repeat(EXTENSIONS / 16));
      assertServed(server);
      assertThat(within.send("0\r\n\r\n").answer().body()).isEqualTo(EXTENSIONS / 16 + " bytes");

      count.bytes = 0;
      MemoryPeer flood = server.connect();
      flood.send(CHUNKED);
      flood.send(chunk.repeat(50_000));
      assertThat(flood.answer().status()).isEqualTo(400);
      assertThat(count.bytes).as("what was taken of it").isLessThanOrEqualTo(EXTENSIONS / 16 + 1);
      assertServed(server);
    }
  }

  @Test
  void aPipelinerThatNeverReadsIsNotAnsweredFurther() throws Exception {
    AtomicInteger started = new AtomicInteger();
    Response large = Response.ok("x".repeat(64 << 10));
    ServerObserver counter =
        new ServerObserver() {
          @Override
          public void requestStarted(Request request) {
            started.incrementAndGet();
          }
        };
    int asked = 20_000; // for 1.2 GiB
    try (LiveServer server =
            LiveServer.start(
                x -> x.respond(x.request().rawPath().equals("/small") ? Response.ok() : large),
                o -> o.loops(1).observer(counter));
        RawClient flood = new RawClient(server.port(), 4 << 10)) {
      long before = bufferBytes();
      Thread sender = new Thread(() -> sendAll(flood, asked));
      sender.start();
      int turns = 0;
      int last = 0;
      int served = 0;
      try (RawClient other = new RawClient(server.port())) {
        // Until nothing of the flood moved for many turns of the loop.
        while (turns < 100) {
          assertThat(other.ask(GET)).startsWith("HTTP/1.1 200 ");
          int now = started.get() - ++served;
          turns = now == last && now > 0 ? turns + 1 : 0;
          last = now;
        }
      }
      assertThat(last).as("answered of what it asked for").isLessThan(asked / 4);
      assertThat(bufferBytes() - before).as("bytes in buffers").isLessThan(16 * MEBIBYTE);
      flood.reset();
      sender.join();
    }
  }

  private static void sendAll(RawClient client, int count) {
    try {
      String some = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
      for (int i = 0; i < count; i += 100) {
        client.send(some);
      }
    } catch (IOException e) {
      // It is reset once all was seen.
    }
  }

  private static long bufferBytes() {
    var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }
}
