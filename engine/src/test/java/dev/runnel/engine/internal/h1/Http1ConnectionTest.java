package dev.runnel.engine.internal.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class Http1ConnectionTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @Test
  void answersAndKeepsTheConnection() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok("hi")))) {
      MemoryPeer peer = server.connect();
      for (int i = 0; i < 3; i++) {
        Answer answer = peer.send(GET).answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hi");
        assertThat(answer.header("Date")).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(answer.header("Server")).isNull();
      }
      assertThat(peer.isEnded()).isFalse();
    }
  }

  @Test
  void twoThousandPipelinedHeadsInOneBufferAreAnsweredInOrder() {
    int[] count = new int[1];
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok("n" + count[0]++)))) {
      MemoryPeer peer = server.connect();
      peer.send(GET.repeat(2000));
      for (int i = 0; i < 2000; i++) {
        assertThat(peer.answer().body()).isEqualTo("n" + i);
      }
    }
  }

  @Test
  void closesAnIdleConnectionAfter75Seconds() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok("hi")))) {
      MemoryPeer peer = server.connect();
      peer.send(GET).answer();
      server.advance(Duration.ofMillis(74_999));
      assertThat(peer.isEnded()).isFalse();
      server.advance(Duration.ofMillis(1));
      assertThat(peer.isEnded()).isTrue();
    }
  }

  @Test
  void rejectsBareLf() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok("hi")))) {
      MemoryPeer peer = server.connect();
      Answer answer = peer.send("GET / HTTP/1.1\nHost: a\n\n").answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(answer.body()).contains("CR LF");
      peer.awaitEnd();
    }
  }

  @Test
  void streamsChunksWithTrailers() {
    try (MemoryServer server =
        MemoryServer.start(
            x -> {
              var out = x.respond(Status.OK, Headers.of("Content-Type", "text/plain"));
              out.write(Bytes.utf8("hello "));
              x.loop()
                  .schedule(
                      () -> {
                        out.write(Bytes.utf8("world"));
                        out.end(Headers.of("X-Sum", "1"));
                      },
                      Duration.ofSeconds(1));
            })) {
      MemoryPeer peer = server.connect();
      peer.send(GET + GET);
      server.advance(Duration.ofSeconds(2));
      for (int i = 0; i < 2; i++) {
        Answer answer = peer.answer();
        assertThat(answer.body()).isEqualTo("hello world");
        assertThat(answer.trailers()).containsExactly("X-Sum: 1");
      }
    }
  }

  @Test
  void sendsALargeBodyOnlyAsFastAsThePeerTakesIt() {
    byte[] large = new byte[5 << 20];
    try (MemoryServer server =
        MemoryServer.start(x -> x.respond(Response.ok().body(Bytes.Unsafe.wrap(large))))) {
      MemoryPeer peer = server.connect();
      peer.send(GET);
      assertThat(peer.answer().body()).hasSize(5 << 20);
    }
  }

  @Test
  void echoesABodyPulledPieceByPiece() {
    try (MemoryServer server =
        MemoryServer.start(
            x -> {
              var body = x.body();
              x.respond(Response.ok().body(new Source(body)));
            })) {
      MemoryPeer peer = server.connect();
      peer.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      peer.send("5\r\nhello\r\n");
      peer.send("6\r\n world\r\n0\r\n\r\n" + GET);
      assertThat(peer.answer().body()).isEqualTo("hello world");
      assertThat(peer.answer().body()).isEmpty();
    }
  }

  private record Source(dev.runnel.http.BodyReader reader) implements Body.Source {
    @Override
    public dev.runnel.http.BodyReader open() {
      return reader;
    }
  }
}
