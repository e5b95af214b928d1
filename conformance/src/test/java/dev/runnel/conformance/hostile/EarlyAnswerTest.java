package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.Timeouts;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * SEMANTICS 1, unread body: whoever is answered and cut off in the middle of sending sees the
 * answer. These clients do as most do: they send all they have, and only then or when that fails
 * look at what came.
 */
class EarlyAnswerTest {
  private static final int TRIES = 24;
  private static final int THREADS = 4;
  private static final byte[] PIECE = new byte[16 << 10];

  /** More than the kernel takes in, less than what is discarded before a close. */
  private static final int UPLOAD = 3 << 20;

  /** More than is ever discarded: these are cut off. */
  private static final int ENDLESS = 24 << 20;

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"KQUEUE", "AUTO"})
  void everyClientInMidUploadSees413(Transport transport) throws Exception {
    Transports.assumeLoads(transport);
    String head = "POST /bytes HTTP/1.1\r\nHost: a\r\nContent-Length: " + UPLOAD + "\r\n\r\n";
    assertAllTold(allSee(transport, 413, head, PIECE, UPLOAD));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"KQUEUE", "AUTO"})
  void alsoThoseThatAreCutOff(Transport transport) throws Exception {
    Transports.assumeLoads(transport);
    String head = "POST /bytes HTTP/1.1\r\nHost: a\r\nContent-Length: " + ENDLESS + "\r\n\r\n";
    assertAllTold(allSee(transport, 413, head, PIECE, ENDLESS));
  }

  private enum Refused {
    CHUNKS_TOO_LARGE(413, "POST /bytes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
    BAD_CHUNK(400, "POST /bytes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
    BAD_HEAD(400, "POST / HTTP/1.1\nHost: a\r\n\r\n"),
    LONG_TARGET(414, "GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
    LARGE_HEADERS(431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(17_000) + "\r\n\r\n"),
    NOT_READ(404, "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: " + UPLOAD + "\r\n\r\n"),
    LAST(200, "POST /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 9\r\n\r\n");

    final int status;
    final String head;

    Refused(int status, String head) {
      this.status = status;
      this.head = head;
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOtherRefusalIsSeen(Refused refused) throws Exception {
    byte[] piece = PIECE;
    if (refused == Refused.CHUNKS_TOO_LARGE) {
      piece = ("4000\r\n" + "x".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
    List<String> seen = allSee(Transport.AUTO, refused.status, refused.head, piece, UPLOAD);
    // Nobody knows how much follows of a chunked body; it may have been little enough to be read.
    if (refused != Refused.CHUNKS_TOO_LARGE) {
      assertAllTold(seen);
    }
  }

  private static void assertAllTold(List<String> seen) {
    assertThat(seen).allSatisfy(answer -> assertThat(answer).contains("\r\nConnection: close\r\n"));
  }

  private static List<String> allSee(
      Transport transport, int status, String head, byte[] piece, int bytes) throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    try (LiveServer server =
        LiveServer.start(EarlyAnswerTest::handle, o -> o.transport(transport).loops(2))) {
      Crowd.run(THREADS, TRIES, i -> seen.add(upload(server.port(), head, piece, bytes)));
    }
    assertThat(seen).hasSize(TRIES).allSatisfy(answer -> assertWhole(answer, status));
    return seen;
  }

  private static void handle(Exchange x) {
    switch (x.request().rawPath()) {
      case "/bytes" ->
          x.request()
              .body()
              .bytesAsync()
              .whenComplete(
                  (bytes, error) -> {
                    if (error == null) {
                      x.respond(Response.ok());
                    } else {
                      x.fail(error);
                    }
                  });
      case "/ok" -> x.respond(Response.ok("ok"));
      default -> x.respond(Response.notFound());
    }
  }

  private static String upload(int port, String head, byte[] piece, int bytes) throws IOException {
    try (RawClient client = new RawClient(port)) {
      try {
        client.send(head);
        for (int sent = 0; sent < bytes; sent += piece.length) {
          client.send(piece);
        }
      } catch (IOException e) {
        // cut off; the answer must be there all the same
      }
      return client.takeAll();
    }
  }

  private static void assertWhole(String answer, int status) {
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    String length = answer.replaceFirst("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1");
    int body = answer.length() - answer.indexOf("\r\n\r\n") - 4;
    assertThat(body).isEqualTo(Integer.parseInt(length));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"KQUEUE", "AUTO"})
  void theSilentSee408(Transport transport) throws Exception {
    Transports.assumeLoads(transport);
    Timeouts quick =
        Timeouts.DEFAULT
            .withRequestHead(Duration.ofMillis(300))
            .withBodyStall(Duration.ofMillis(300));
    try (LiveServer server =
        LiveServer.start(EarlyAnswerTest::handle, o -> o.transport(transport).timeouts(quick))) {
      Crowd.run(
          TRIES,
          TRIES,
          i -> {
            try (RawClient client = new RawClient(server.port())) {
              client.send("POST /bytes HTTP/1.1\r\nHost: a\r\n");
              if (i % 2 == 0) {
                client.send("Content-Length: 100000\r\n\r\n12345");
              }
              assertWhole(client.takeAll(), 408);
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"KQUEUE", "AUTO"})
  void thoseThatADrainCutsOffSeeTheirAnswer(Transport transport) throws Exception {
    Transports.assumeLoads(transport);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch begun = new CountDownLatch(TRIES);
    CountDownLatch stopping = new CountDownLatch(1);
    try (LiveServer server =
        LiveServer.start(
            x -> {
              begun.countDown();
              // Answers without a look at the body once the server is stopping.
              answerWhenStopping(x);
            },
            o -> o.transport(transport).loops(2))) {
      Thread stopper =
          new Thread(
              () -> {
                try {
                  Eventually.opens(begun, "all calls to begin");
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                server.server().stopAsync(Duration.ofSeconds(5));
                stopping.countDown();
              });
      stopper.start();
      String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + UPLOAD + "\r\n\r\n";
      Crowd.run(TRIES, TRIES, i -> seen.add(upload(server.port(), head, PIECE, UPLOAD)));
      stopper.join();
      assertThat(server.server().awaitStopped().finished()).isEqualTo(TRIES);
    }
    assertThat(seen).hasSize(TRIES).allSatisfy(answer -> assertWhole(answer, 200));
  }

  private static void answerWhenStopping(Exchange x) {
    if (x.server().isStopping()) {
      x.respond(Response.ok("bye"));
    } else {
      x.loop().schedule(() -> answerWhenStopping(x), Duration.ofMillis(2));
    }
  }
}
