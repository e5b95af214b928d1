package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEMANTICS 1: what becomes of a call that fails, before and after its head was sent. */
@EveryGround
class ErrorContractTest extends Contract {
  private static final String PROBLEM = "application/problem+json";
  private static final String SECRET = "the secret of the test";

  @Test
  void anHttpErrorIsAProblemDocument() {
    Peer peer = connect();
    Answer answer = peer.send(get("/error/http")).answer();
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.body())
        .isEqualTo("{\"title\":\"Conflict\",\"status\":409,\"detail\":\"taken by somebody else\"}");
    assertServes(peer);
  }

  @Test
  void aProblemHasItsMembersAndFields() {
    Answer answer = connect().send(get("/error/problem")).answer();
    assertThat(answer.status()).isEqualTo(402);
    assertThat(answer.header("X-Price")).isEqualTo("5");
    assertThat(answer.body()).contains("\"balance\":3");
  }

  @Test
  void anErrorMaySayForItselfWhatToAnswer() {
    Answer answer = connect().send(get("/error/own")).answer();
    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("I am a teapot");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "blocking", "async", "foreign", "early", "output", "edit"})
  void anythingElseIs500WithTheRequestIdAndNothingElse(String how) {
    Peer peer = connect();
    Answer answer = peer.send(get("/error/" + how)).answer();
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(answer.body())
        .matches(
            "\\{\"title\":\"Internal Server Error\",\"status\":500,\"requestId\":\"[0-9a-z-]+\"}");
    String id = answer.body().replaceAll(".*requestId\":\"|\".*", "");
    assertLoggedOnce(id);
    assertServes(peer);
  }

  @Test
  void devModeShowsDevelopersMore() {
    start(options -> options.devMode(true));
    Answer answer = connect().send(get("/error/secret")).answer();
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("IllegalStateException", SECRET, "stack", "requestId");
    assertLoggedOnce("");
  }

  private void assertLoggedOnce(String id) {
    List<ILoggingEvent> lines = logs.take(Level.WARN);
    assertThat(lines).as("lines in the log").hasSize(1);
    assertThat(lines.get(0).getFormattedMessage()).contains(id);
    assertThat(lines.get(0).getThrowableProxy().getMessage()).isEqualTo(SECRET);
  }

  @Test
  void anErrorBehindTheHeadBreaksTheBodyOff() {
    Peer peer = connect();
    peer.send(get("/error/late/a"));
    peer.take("first\r\n");
    probe.open("a");
    assertThat(awaitBrokenOff(peer)).as("behind the failure").isEmpty();
    assertLoggedOnce("");
  }

  @Test
  void aBodyShorterThanItsLengthIsBrokenOff() {
    Peer peer = connect();
    peer.send(get("/error/short"));
    String all = awaitBrokenOff(peer);
    assertThat(all).contains("Content-Length: 10").endsWith("\r\n\r\n12345");
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @Test
  void aBodyLongerThanItsLengthIsBrokenOffOrRefused() {
    Peer peer = connect();
    // Known before the head is sent, so it can still be told.
    assertThat(peer.send(get("/error/long")).answer().status()).isEqualTo(500);
    assertServes(peer);
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @Test
  void aFailedCallOfAPipelineTouchesNoOther() {
    Peer peer = connect();
    peer.send(get("/text") + get("/error/secret") + get("/error/http") + get("/text"));
    assertThat(peer.answer().status()).isEqualTo(200);
    assertThat(peer.answer().status()).isEqualTo(500);
    assertThat(peer.answer().status()).isEqualTo(409);
    assertThat(peer.answer().status()).isEqualTo(200);
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"value", "name", "location", "type", "nul"})
  void anAnswerIsNeverSplit(String part) {
    Peer peer = connect();
    Answer answer = peer.send(get("/split/" + part)).answer();
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.headers("Set-Cookie")).isEmpty();
    assertServes(peer);
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }
}
