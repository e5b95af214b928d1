package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.Peer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SEMANTICS 2: clients go away at any point, by FIN and by RST, and nothing of them stays. */
class VanishingClientsTest {
  private static final int THREADS = 8;
  private static final Bytes PIECE = Bytes.Unsafe.wrap(new byte[16 << 10]);
  private static final Response LARGE = Response.ok().body(Bytes.Unsafe.wrap(new byte[1 << 20]));

  @TempDir(factory = NamedTempDirs.class)
  Path directory;

  private final AtomicInteger suspended = new AtomicInteger();
  private final AtomicInteger resumed = new AtomicInteger();
  private final Counts counts = new Counts();
  private final ConcurrentLinkedQueue<Throwable> surprises = new ConcurrentLinkedQueue<>();
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.write(directory.resolve("file"), new byte[3 << 20]);
  }

  @Test
  void tenThousandLeaveNothingBehind() throws Exception {
    vanish(Transport.AUTO, 10_000);
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "IO_URING"})
  void otherTransportsDoNotEither(Transport transport) throws Exception {
    Transports.assumeLoads(transport);
    vanish(transport, 2_000);
  }

  private void vanish(Transport transport, int clients) throws Exception {
    try (LiveServer server =
        LiveServer.start(this::handle, o -> o.transport(transport).loops(2).observer(counts))) {
      Crowd.run(THREADS, clients, i -> vanishOnce(server.port(), i));
      server.awaitQuiet();
      assertThat(surprises).isEmpty();
      assertThat(suspended.get()).as("calls that waited").isPositive();
      Eventually.until(
          () -> resumed.get() == suspended.get(),
          () -> resumed + " of " + suspended + " that waited were told");
      assertThat(counts.ended).hasValue(counts.started.get());
      Eventually.until(
          () -> counts.closed.get() == counts.opened.get(),
          () -> counts.closed + " of " + counts.opened + " connections were told to be closed");
      try (Peer peer = server.connect()) {
        peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(peer.answer().body()).isEqualTo("hello");
      }
    }
  }

  // --- the server ---

  private void handle(Exchange x) throws Exception {
    switch (x.request().rawPath()) {
      case "/hello" -> x.respond(Response.ok("hello"));
      case "/large" -> x.respond(LARGE);
      case "/file" -> x.respond(Response.file(file));
      case "/suspend" -> suspend(x);
      case "/stream" -> new Stream(x.respond(Status.OK, Headers.EMPTY)).run();
      case "/echo" -> x.respond(Response.ok().body(new Echo(x.body())));
      case "/output" ->
          x.respond(Response.output("text/plain", VanishingClientsTest::writeForEver));
      default -> x.respond(Response.notFound());
    }
  }

  /** Tells the client that the handler runs, and never answers. */
  private void suspend(Exchange x) {
    suspended.incrementAndGet();
    x.onCancel(
        cause -> {
          resumed.incrementAndGet();
          if (cause != CancelCause.CLIENT_GONE) {
            surprises.add(new AssertionError("cancelled with " + cause));
          }
        });
    x.informational(Status.of(103), Headers.EMPTY);
  }

  private record Stream(BodyWriter out) implements Runnable {
    @Override
    public void run() {
      while (out.write(PIECE)) {
        // until the client is slower than we are
      }
      out.onWritable(this);
    }
  }

  private record Echo(BodyReader reader) implements Body.Source {
    @Override
    public BodyReader open() {
      return reader;
    }
  }

  private static void writeForEver(java.io.OutputStream out) throws IOException {
    byte[] piece = new byte[4 << 10];
    while (true) {
      out.write(piece);
    }
  }

  private static final class Counts implements ServerObserver {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    @Override
    public void connectionOpened(SocketAddress remote) {
      opened.incrementAndGet();
    }

    @Override
    public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {
      closed.incrementAndGet();
    }

    @Override
    public void requestStarted(Request request) {
      started.incrementAndGet();
    }

    @Override
    public void requestEnded(Request request, Outcome outcome) {
      ended.incrementAndGet();
    }
  }

  // --- the clients ---

  private static final String[] HEADS = {
    "GET /hello HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\n\r\n",
    "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /file HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /stream HTTP/1.0\r\n\r\n",
    "GET /output HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /suspend HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
    "POST /hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"
  };

  private enum Point {
    CONNECTED,
    IN_HEAD,
    AFTER_HEAD,
    IN_BODY,
    IN_ANSWER,
    AFTER_FIN,
    PIPELINED
  }

  private static void vanishOnce(int port, int number) throws IOException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Point point = Point.values()[number % Point.values().length];
    String head = HEADS[random.nextInt(HEADS.length)];
    try (RawClient client = new RawClient(port)) {
      try {
        play(client, point, head, random);
      } catch (IOException e) {
        // the server may be first, as when it refuses what stands behind a head
      }
      if (random.nextBoolean()) {
        client.reset();
      }
    }
  }

  private static void play(RawClient client, Point point, String head, ThreadLocalRandom random)
      throws IOException {
    switch (point) {
      case CONNECTED -> {}
      case IN_HEAD -> client.send(head.substring(0, random.nextInt(1, head.length())));
      case AFTER_HEAD -> client.send(head);
      case IN_BODY -> {
        client.send(head);
        if (head.startsWith("POST")) {
          client.send(new byte[random.nextInt(1, 60_000)]);
        }
      }
      case IN_ANSWER -> {
        boolean silent = head.startsWith("POST") && !head.contains("Expect");
        client.send(silent ? HEADS[3] : head);
        client.take(); // also what says that the waiting handler runs
      }
      case AFTER_FIN -> {
        client.send(HEADS[random.nextInt(3)]);
        client.halfClose();
        if (random.nextBoolean()) {
          client.take();
        }
      }
      case PIPELINED -> client.send(HEADS[0].repeat(30) + head);
    }
  }
}
