package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.testing.Answer;
import dev.runnel.testing.TcpPeer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies from files, by sendfile where the transport has it and through the heap where not. */
class FileBodyTest {
  private static final String TRANSPORTS = "dev.runnel.server.TransportCases#loaded";
  private static final int HUGE = 24 << 20; // more than the kernel takes in at once
  private static final int LARGE = 3_000_001; // no multiple of any slice

  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private Path directory;
  private Path large;
  private String content;

  @BeforeEach
  void makeFiles() throws IOException {
    directory = Files.createTempDirectory("runnel-test");
    large = directory.resolve("large");
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < LARGE; i++) {
      text.append(i).append(' ');
    }
    text.setLength(LARGE);
    content = text.toString();
    Files.writeString(large, content);
    Files.write(directory.resolve("empty"), new byte[0]);
  }

  @AfterEach
  void removeFiles() throws IOException {
    Files.deleteIfExists(large);
    Files.deleteIfExists(directory.resolve("empty"));
    Files.delete(directory);
  }

  private LiveServer start(Transport transport) {
    return LiveServer.start(
        this::handle, o -> o.transport(transport).loops(1).observer(new Watching()));
  }

  private void handle(Exchange x) throws IOException {
    Request request = x.request();
    switch (request.rawPath()) {
      case "/part" -> {
        long offset = Long.parseLong(request.query("offset"));
        long length = Long.parseLong(request.query("length"));
        x.respond(Response.ok().body(new Body.File(large, offset, length)));
      }
      case "/trailers" ->
          x.respond(
              Response.file(large).withTrailers(() -> dev.runnel.http.Headers.of("X-Sum", "1")));
      case "/deleted" -> {
        Response response = Response.file(large);
        Files.delete(large);
        x.respond(response);
      }
      case "/edit-fails" -> {
        x.onHead(
            head -> {
              throw new IllegalStateException("a filter of no use");
            });
        x.respond(Response.file(large));
      }
      case "/not-modified" -> {
        x.onHead(head -> new dev.runnel.http.ResponseHead(Status.NOT_MODIFIED, head.headers()));
        x.respond(Response.file(large));
      }
      case "/shrinks" -> {
        x.respond(Response.file(large));
        cut(large); // much is on its way, but not all: the client does not read yet
      }
      default -> x.respond(Response.file(directory.resolve(request.rawPath().substring(1))));
    }
  }

  private static long descriptorsOf(Path file) {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(d -> pointsTo(d, file)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean pointsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static void cut(Path file) {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Watching implements ServerObserver {
    @Override
    public void requestEnded(Request request, Outcome outcome) {
      outcomes.add(outcome);
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void isSentWholeAndTheConnectionLivesOn(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      for (int i = 0; i < 2; i++) {
        Answer answer = peer.send(get("/large")).answer();
        assertThat(answer.header("Content-Length")).isEqualTo("" + LARGE);
        assertThat(answer.body().equals(content)).as("the content").isTrue();
      }
      // Pipelined behind each other: the files must not mix with what stands around them.
      peer.send(get("/empty") + get("/large") + get("/empty") + get("/large"));
      assertThat(peer.answer().body()).isEmpty();
      assertThat(peer.answer().body().equals(content)).isTrue();
      assertThat(peer.answer().body()).isEmpty();
      assertThat(peer.answer().body().equals(content)).isTrue();
      assertThat(outcomes).extracting(Outcome::bytesSent).contains(0L, (long) LARGE);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void anyPartIsSent(Transport transport) {
    long[][] parts = {
      {0, 1}, {LARGE - 1, 1}, {5, 262_144}, {262_143, 262_145}, {7, 0}, {9, 70_000}
    };
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      for (long[] part : parts) {
        peer.send(get("/part?offset=" + part[0] + "&length=" + part[1]));
        String body = peer.answer().body();
        assertThat(body.equals(content.substring((int) part[0], (int) (part[0] + part[1]))))
            .as("part from %d, %d bytes", part[0], part[1])
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void headTellsTheLengthAndOpensNothing(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      peer.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(peer.answer(true).header("Content-Length")).isEqualTo("" + LARGE);
      assertThat(peer.send(get("/empty")).answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void goesInChunksBeforeTrailers(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      Answer answer = peer.send(get("/trailers")).answer();
      assertThat(answer.body().equals(content)).isTrue();
      assertThat(answer.trailers()).containsExactly("X-Sum: 1");
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void goesToOldClientsToo(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      peer.send("GET /large HTTP/1.0\r\n\r\n");
      assertThat(peer.awaitEnd().endsWith("\r\n\r\n" + content)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void shorterThanAnnouncedIsAnError(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      peer.send(get("/part?offset=10&length=" + LARGE));
      assertThat(peer.answer().status()).isEqualTo(500);
      assertThat(peer.send(get("/empty")).answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void deletedMeanwhileIsAnError(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      Answer answer = peer.send(get("/deleted")).answer();
      assertThat(answer.status()).isIn(404, 500);
      assertThat(answer.body()).doesNotContain("runnel-test");
      assertThat(peer.send(get("/empty")).answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void shrinkingWhileItIsSentIsNeverAShortSuccess(Transport transport) throws IOException {
    try (LiveServer server = start(transport)) {
      try (RandomAccessFile access = new RandomAccessFile(large.toFile(), "rw")) {
        access.setLength(HUGE);
      }
      try (TcpPeer peer = new TcpPeer(server.port(), 4096)) {
        peer.reading(false);
        peer.send(get("/shrinks").getBytes(StandardCharsets.US_ASCII));
        Eventually.until(() -> Files.size(large) < HUGE, "the file to shrink");
        peer.reading(true);
        // Read ahead of the head, as without sendfile, it may even be found out in time.
        peer.await(p -> p.isEnded() || p.all().startsWith("HTTP/1.1 500"), "a failure");
        assertThat(peer.all().length()).isLessThan(HUGE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aFilterThatFailsLeavesNoFileOpen(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(peer.send(get("/edit-fails")).answer().status()).isEqualTo(500);
      }
      // Not for long: some day the collector closes them too.
      assertThat(Eventually.within(Duration.ofSeconds(1), () -> descriptorsOf(large) == 0))
          .as("all files are closed")
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aFilterMayMakeIt304(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = server.connect()) {
      Answer answer = peer.send(get("/not-modified") + get("/empty")).answer();
      assertThat(answer.status()).isEqualTo(304);
      answer = peer.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void clientsThatVanishInTheMiddleLeaveNoFileOpen(Transport transport) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(large.toFile(), "rw")) {
      access.setLength(HUGE);
    }
    try (LiveServer server = start(transport)) {
      for (int i = 0; i < 40; i++) {
        TcpPeer peer = new TcpPeer(server.port(), 4096);
        peer.reading(i % 4 == 0);
        peer.send(get("/large") + get("/large"));
        if (i % 4 == 0) {
          peer.take("HTTP/1.1 200");
        } else {
          Eventually.until(() -> server.server().calls() > 0, "the call");
        }
        if (i % 2 == 0) {
          peer.vanish();
        } else {
          peer.close();
        }
      }
      server.awaitQuiet();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aSlowReaderGetsItWhole(Transport transport) {
    try (LiveServer server = start(transport);
        TcpPeer peer = new TcpPeer(server.port(), 4096)) {
      peer.reading(false);
      peer.send(get("/large").getBytes(StandardCharsets.US_ASCII));
      // A kernel with much room may have taken all of it already: then the call is over.
      Eventually.until(() -> server.server().calls() > 0 || !outcomes.isEmpty(), "the call");
      peer.reading(true);
      assertThat(peer.answer().body().equals(content)).isTrue();
    }
  }
}
