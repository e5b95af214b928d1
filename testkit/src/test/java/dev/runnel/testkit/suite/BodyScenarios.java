package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Bodies in both directions over HTTP/1.1, their limits, and back-pressure. */
final class BodyScenarios {
  private static final int PIECE = 16 << 10;
  private static final String POST = "POST / HTTP/1.1\nHost: a\n";

  private BodyScenarios() {}

  static void addTo(Suite suite) {
    suite.add("body: of a length, in pieces", BodyScenarios::ofLength);
    suite.add("body: in chunks, with trailers", BodyScenarios::inChunks);
    suite.add("body: 100 is said to who expects it", BodyScenarios::expects);
    suite.add("body: above the limit is 413", BodyScenarios::aboveLimit);
    suite.add("body: a bad chunk is 400, and the end", BodyScenarios::badChunk);
    suite.add("body: what nobody reads is skipped", BodyScenarios::unread);
    suite.add("body: who sends on behind the answer is heard out", BodyScenarios::lingering);
    suite.add("body: a handler that reads nothing holds the client back", BodyScenarios::untaken);
    suite.add("body: a slow client holds the writer back", BodyScenarios::slowReader);
    suite.add("body: a large answer arrives whole", BodyScenarios::large);
  }

  /** Reads the whole body and answers with it. */
  static void echo(Exchange call) {
    new Echo(call, call.body()).read();
  }

  private record Echo(Exchange call, BodyReader in, StringBuilder text) {
    Echo(Exchange call, BodyReader in) {
      this(call, in, new StringBuilder());
    }

    void read() {
      for (Bytes next = in.poll(); next != null; next = in.poll()) {
        text.append(next.utf8());
      }
      if (in.ended()) {
        String sum = in.trailers().get("Sum");
        call.respond(Response.ok(text + (sum == null ? "" : " sum " + sum)));
      } else {
        in.onReady(this::read);
      }
    }
  }

  /** Reads the whole body and answers with its size. */
  static void echoSize(Exchange call) {
    new Counter(call, call.body()).read();
  }

  private static final class Counter {
    final Exchange call;
    final BodyReader in;
    int count;

    Counter(Exchange call, BodyReader in) {
      this.call = call;
      this.in = in;
    }

    void read() {
      for (Bytes next = in.poll(); next != null; next = in.poll()) {
        count += next.length();
      }
      if (in.ended()) {
        call.respond(Response.ok("bytes: " + count));
      } else {
        in.onReady(this::read);
      }
    }
  }

  private static void ofLength() {
    try (Scene scene = Scene.of(BodyScenarios::echo)) {
      Peer peer = scene.connect();
      for (int i = 0; i < 2; i++) {
        peer.request(POST + "Content-Length: 11\n\n").send("hello").send(" worl");
        assertThat(peer.rest()).isEmpty();
        assertThat(peer.send("d").answer().body()).isEqualTo("hello world");
      }
    }
  }

  private static void inChunks() {
    try (Scene scene = Scene.of(BodyScenarios::echo)) {
      Peer peer = scene.connect();
      String chunks = "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nSum: 11\r\n\r\n";
      for (int i = 0; i < 2; i++) {
        peer.request(POST + "Transfer-Encoding: chunked\n\n").send(chunks);
        assertThat(peer.answer().body()).isEqualTo("hello world sum 11");
      }
    }
  }

  private static void expects() {
    try (Scene scene = Scene.of(BodyScenarios::echo)) {
      Peer peer = scene.connect();
      peer.request(POST + "Content-Length: 2\nExpect: 100-continue\n\n");
      assertThat(peer.answer().status()).isEqualTo(100);
      assertThat(peer.send("ok").answer().body()).isEqualTo("ok");
    }
  }

  private static void aboveLimit() {
    try (Scene scene =
        Scene.of(
            x -> {
              x.settings().bodyLimit(4);
              echo(x);
            })) {
      Peer told = scene.connect();
      assertThat(told.request(POST + "Content-Length: 5\n\n").answer().status()).isEqualTo(413);
      Peer counted = scene.connect();
      counted.request(POST + "Transfer-Encoding: chunked\n\n").send("3\r\nabc\r\n2\r\nde\r\n");
      assertThat(counted.answer().status()).isEqualTo(413);
    }
  }

  private static void badChunk() {
    try (Scene scene = Scene.of(BodyScenarios::echo)) {
      Peer peer = scene.connect();
      peer.request(POST + "Transfer-Encoding: chunked\n\n").send("3\r\nabcd\r\n0\r\n\r\n");
      Answer answer = peer.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void unread() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("no, thanks")))) {
      Peer peer = scene.connect();
      peer.request(POST + "Content-Length: 5\n\n").send("01");
      assertThat(peer.answer().body()).isEqualTo("no, thanks");
      peer.send("234").request("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(peer.answer().body()).isEqualTo("no, thanks");
    }
  }

  /** RFC 9112 9.6: a close over unread bytes would be a reset, which destroys the answer. */
  private static void lingering() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("enough")))) {
      WirePeer peer = scene.connect().staying();
      peer.request(POST + "Content-Length: 1000000\n\n").send("0".repeat(1000));
      Answer answer = peer.answer();
      assertThat(answer.body()).isEqualTo("enough");
      assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(peer.awaitEnd()).isEmpty();
      for (int i = 0; i < 10; i++) {
        peer.send("0".repeat(1000));
        assertThat(peer.wasReset()).as("reset while it sends on").isFalse();
      }
      scene.advance(Duration.ofSeconds(2));
      assertThat(scene.connections()).isZero();
    }
  }

  private static void untaken() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add)) {
      WirePeer peer = scene.connect();
      peer.request(POST + "Content-Length: 2000000\n\n");
      peer.send(new byte[2_000_000]);
      assertThat(peer.unsent()).as("held back by a handler that reads nothing").isPositive();
      assertThat(calls).hasSize(1);
      scene.act(() -> echoSize(calls.get(0)));
      assertThat(peer.answer().body()).isEqualTo("bytes: 2000000");
      assertThat(peer.unsent()).isZero();
    }
  }

  /** Writes pieces as long as it may, so often in all. */
  static final class Gusher {
    final List<BodyWriter> outs = new ArrayList<>();
    int left;
    int written;

    Gusher(int pieces) {
      left = pieces;
    }

    void begin(Exchange call) {
      BodyWriter out = call.respond(Status.OK, Headers.EMPTY);
      outs.add(out);
      write(out);
    }

    void write(BodyWriter out) {
      while (left > 0) {
        left--;
        written += PIECE;
        if (!out.write(Bytes.Unsafe.wrap(new byte[PIECE])) && left > 0) {
          out.onWritable(() -> write(out));
          return;
        }
      }
      out.end(Headers.EMPTY);
    }
  }

  private static void slowReader() {
    Gusher gusher = new Gusher(60);
    try (Scene scene = Scene.of(gusher::begin)) {
      Peer peer = scene.connect();
      peer.reading(false);
      peer.request("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(gusher.written).as("written to a client that reads nothing").isBetween(1, 400_000);
      scene.advance(Duration.ofSeconds(20));
      peer.reading(true);
      assertThat(peer.answer().body()).hasSize(60 * PIECE);
    }
  }

  private static void large() {
    byte[] bytes = new byte[1 << 20];
    try (Scene scene = Scene.of(x -> x.respond(Response.ok(bytes)))) {
      Peer peer = scene.connect();
      assertThat(peer.request("GET / HTTP/1.1\nHost: a\n\n").answer().body()).hasSize(bytes.length);
      assertThat(peer.request("GET / HTTP/1.1\nHost: a\n\n").answer().body()).hasSize(bytes.length);
    }
  }
}
