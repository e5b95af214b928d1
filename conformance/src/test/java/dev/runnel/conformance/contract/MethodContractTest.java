package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Response;
import dev.runnel.routing.RouteException;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEMANTICS 1: HEAD, OPTIONS, 404, 405, 406, 415. */
@EveryGround
class MethodContractTest extends Contract {
  private static final String PROBLEM = "application/problem+json";

  @TempDir Path dir;

  private Answer headOf(Peer peer, String path) {
    Answer answer = peer.send(head("HEAD", path, "")).answer(true);
    // What GET answers behind it shows that nothing of a body was sent.
    assertServes(peer);
    return answer;
  }

  @Test
  void headRunsTheGetHandlerAndKeepsItsHead() {
    Answer answer = headOf(connect(), "/text");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("2");
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void headOfALargeBodyTellsItsLength() {
    assertThat(headOf(connect(), "/bytes/1000000").header("Content-Length")).isEqualTo("1000000");
  }

  @Test
  void headOfAStreamStartsNoProducer() {
    Peer peer = connect();
    Answer answer = headOf(peer, "/produced/3");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
    assertThat(answer.headers("Content-Length")).isEmpty();
    assertThat(probe.saw("produced")).as("the producer was started").isFalse();
    if (!isKotlin()) { // a flow that is not collected has nothing to close
      assertThat(probe.count("discarded")).isEqualTo(1);
    }
    assertThat(peer.send(get("/produced/3")).answer().body()).hasSize(3 * (16 << 10));
    assertThat(probe.saw("produced")).as("GET starts it").isTrue();
  }

  @Test
  void headOfAStreamOfDeclaredLengthTellsIt() {
    assertThat(headOf(connect(), "/declared").header("Content-Length")).isEqualTo("10");
  }

  @Test
  void headOfAFileTellsItsLengthAndDoesNotOpenIt() throws IOException {
    probe.file(Files.writeString(dir.resolve("a.txt"), "x".repeat(1000)));
    Answer answer = headOf(connect(), "/file");
    assertThat(answer.header("Content-Length")).isEqualTo("1000");
  }

  @Test
  void headOfWhatFailsIsTheHeadOfTheError() {
    Answer answer = headOf(connect(), "/error/http");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.header("Content-Length")).isNotEqualTo("0");
  }

  @Test
  void headOfNoRouteIs404() {
    assertThat(headOf(connect(), "/nowhere").status()).isEqualTo(404);
  }

  @Test
  void aRouteOfItsOwnReplacesHead() {
    Answer answer = headOf(connect(), "/own");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("X-Own")).isEqualTo("HEAD");
  }

  @Test
  void optionsIs204WithAllow() {
    Answer answer = connect().send(head("OPTIONS", "/text", "")).answer();
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Allow").split(", "))
        .containsExactlyInAnyOrder("GET", "HEAD", "POST", "OPTIONS");
  }

  @Test
  void optionsOfTheWholeServerIs204WithAllow() {
    Answer answer = connect().send(head("OPTIONS", "*", "")).answer();
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Allow")).contains("GET", "POST");
  }

  @Test
  void aRouteOfItsOwnReplacesOptions() {
    assertThat(connect().send(head("OPTIONS", "/own", "")).answer().body()).isEqualTo("OPTIONS");
  }

  @Test
  void aPathUnderOtherMethodsIs405WithAllow() {
    Peer peer = connect();
    Answer answer = peer.send(head("DELETE", "/text", "")).answer();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.header("Allow").split(", "))
        .containsExactlyInAnyOrder("GET", "HEAD", "POST", "OPTIONS");
    assertServes(peer);
  }

  @Test
  void anUnknownMethodIs405() {
    assertThat(connect().send(head("BREW", "/text", "")).answer().status()).isEqualTo(405);
  }

  @Test
  void aPathThatNoRouteHasIs404() {
    Peer peer = connect();
    Answer answer = peer.send(get("/nowhere")).answer();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.body()).doesNotContain("nearest");
    assertServes(peer);
  }

  @Test
  void devModeNamesTheNearestRoutes() {
    start(options -> options.devMode(true));
    assertThat(connect().send(get("/tex")).answer().body()).contains("nearest", "/text");
  }

  @Test
  void anAcceptThatAdmitsNothingOnOfferIs406() {
    Peer peer = connect();
    Answer answer = peer.send(get("/plain", "Accept: image/png\r\n")).answer();
    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.body()).contains("text/plain");
    assertThat(peer.send(get("/plain", "Accept: text/*\r\n")).answer().body()).isEqualTo("plain");
  }

  @Test
  void aContentTypeThatNoRouteTakesIs415() {
    Peer peer = connect();
    String length = "Content-Length: 2\r\n";
    peer.send(head("POST", "/plain", length + "Content-Type: image/png\r\n") + "ab");
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.body()).contains("text/plain");
    peer.send(head("POST", "/plain", length + "Content-Type: text/plain\r\n") + "ab");
    assertThat(peer.answer().body()).isEqualTo("took");
  }

  @Test
  void ambiguousRoutesAreAStartUpErrorThatNamesBoth() {
    Routes ambiguous =
        Routes.of(
            r ->
                r.get("/users/{id}", request -> Response.ok())
                    .get("/users/{name}", request -> Response.ok()));
    assertThatThrownBy(() -> Router.of(ambiguous))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("/users/{id}")
        .hasMessageContaining("/users/{name}");
  }
}
