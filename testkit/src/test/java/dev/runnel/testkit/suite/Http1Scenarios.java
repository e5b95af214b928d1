package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.util.ArrayList;
import java.util.List;

/** Requests and answers over HTTP/1.1, and what becomes of the connection (RFC 9112). */
final class Http1Scenarios {
  private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

  private Http1Scenarios() {}

  static void addTo(Suite suite) {
    suite.add(
        "H1: an answer arrives, and the next on the same connection", Http1Scenarios::answers);
    suite.add("H1: an answer that is given later arrives", Http1Scenarios::later);
    suite.add("H1: Connection: close is kept to", Http1Scenarios::close);
    suite.add("H1: a last answer says so and is the last", Http1Scenarios::lastAnswer);
    suite.add("H1: HTTP/1.0 closes", Http1Scenarios::http10);
    suite.add("H1: pipelined requests are answered one by one", Http1Scenarios::pipelined);
    suite.add("H1: a streamed answer has chunks, an end and trailers", Http1Scenarios::streamed);
    suite.add("H1: HEAD has the head of GET only", Http1Scenarios::head);
    suite.add("H1: what is no request is 400, and the end", Http1Scenarios::malformed);
    suite.add("H1: a head above the limit is 431, and the end", Http1Scenarios::largeHead);
    suite.add("H1: a handler that throws is 500", Http1Scenarios::failing);
    suite.add("H1: an answer that fails in the middle is none", Http1Scenarios::failingLate);
    suite.add("H1: informational answers come before the final one", Http1Scenarios::early);
  }

  private static void answers() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello " + x.request().target())))) {
      Peer peer = scene.connect();
      for (String path : List.of("/a", "/b")) {
        Answer answer = peer.request("GET " + path + " HTTP/1.1\nHost: a\n\n").answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length")).isEqualTo("8");
        assertThat(answer.header("Connection")).isNull();
        assertThat(answer.header("Date")).isNotNull();
        assertThat(answer.body()).isEqualTo("hello " + path);
        assertThat(peer.rest()).isEmpty();
      }
      assertThat(scene.connections()).isEqualTo(1);
    }
  }

  private static void later() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add)) {
      Peer peer = scene.connect();
      peer.request(GET);
      Exchange call = calls.get(0);
      scene.act(() -> call.respond(Response.ok("later")));
      assertThat(peer.answer().body()).isEqualTo("later");
      assertThat(scene.calls()).isZero();
    }
  }

  private static void close() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("bye")))) {
      Peer peer = scene.connect();
      Answer answer = peer.request("GET / HTTP/1.1\nHost: a\nConnection: close\n\n").answer();
      assertThat(answer.body()).isEqualTo("bye");
      assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(peer.awaitEnd()).isEmpty();
      assertThat(scene.connections()).isZero();
    }
  }

  private static void lastAnswer() {
    Response last = Response.ok("last").header("Connection", "close");
    try (Scene scene = Scene.of(x -> x.respond(last))) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().header("Connection")).isEqualToIgnoringCase("close");
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void http10() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("old")))) {
      Peer peer = scene.connect();
      assertThat(peer.request("GET / HTTP/1.0\n\n").answer().body()).isEqualTo("old");
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void pipelined() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add)) {
      Peer peer = scene.connect();
      peer.request(GET + GET + GET);
      for (int i = 0; i < 3; i++) {
        assertThat(calls).as("calls that run, one at a time").hasSize(i + 1);
        Response answer = Response.ok("n" + i);
        Exchange call = calls.get(i);
        scene.act(() -> call.respond(answer));
        assertThat(peer.answer().body()).isEqualTo("n" + i);
      }
      assertThat(peer.rest()).isEmpty();
    }
  }

  private static void streamed() {
    try (Scene scene =
        Scene.of(
            x -> {
              BodyWriter out = x.respond(Status.OK, Headers.EMPTY);
              out.write(Bytes.utf8("one "));
              out.write(Bytes.utf8("and twenty-two"));
              out.end(Headers.of("Sum", "18"));
            })) {
      Peer peer = scene.connect();
      for (int i = 0; i < 2; i++) {
        Answer answer = peer.request(GET).answer();
        assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(answer.header("Content-Length")).isNull();
        assertThat(answer.body()).isEqualTo("one and twenty-two");
        assertThat(answer.trailers()).containsExactly("Sum: 18");
      }
    }
  }

  private static void head() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")))) {
      Peer peer = scene.connect();
      Answer answer = peer.request("HEAD / HTTP/1.1\nHost: a\n\n").answer(true);
      assertThat(answer.header("Content-Length")).isEqualTo("5");
      assertThat(peer.rest()).isEmpty();
      assertThat(peer.request(GET).answer().body()).isEqualTo("hello");
    }
  }

  private static void malformed() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("never")))) {
      for (String head :
          List.of(
              "GET / HTTP/1.1\n\n",
              "GET / HTTP/1.1\nHost: a\nHost: b\n\n",
              "GET / HTTP/1.1\nHost: a\n folded: b\n\n",
              "POST / HTTP/1.1\nHost: a\nContent-Length: 2\nTransfer-Encoding: chunked\n\n",
              "POST / HTTP/1.1\nHost: a\nContent-Length: +2\n\n")) {
        Peer peer = scene.connect();
        assertThat(peer.request(head).answer().status()).as(head).isEqualTo(400);
        assertThat(peer.awaitEnd()).isEmpty();
      }
    }
  }

  private static void largeHead() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("never")))) {
      Peer peer = scene.connect();
      peer.request("GET / HTTP/1.1\nHost: a\nX: " + "x".repeat(17 << 10) + "\n\n");
      assertThat(peer.answer().status()).isEqualTo(431);
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void failing() {
    try (Scene scene =
        Scene.of(
            x -> {
              throw new IllegalStateException("secret");
            })) {
      Peer peer = scene.connect();
      Answer answer = peer.request(GET).answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(answer.body()).doesNotContain("secret");
      assertThat(peer.request(GET).answer().status()).isEqualTo(500);
    }
  }

  private static void failingLate() {
    try (Scene scene =
        Scene.of(
            x -> {
              x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("half"));
              throw new IllegalStateException("too late");
            })) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).awaitEnd()).contains("half").doesNotEndWith("0\r\n\r\n");
    }
  }

  private static void early() {
    try (Scene scene =
        Scene.of(
            x -> {
              x.informational(Status.of(103), Headers.of("Link", "</a>"));
              x.respond(Response.ok("done"));
            })) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().status()).isEqualTo(103);
      assertThat(peer.answer().body()).isEqualTo("done");
    }
  }
}
