package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEMANTICS 1: edits of the head, the context of a call. SEMANTICS 8: Date and Server. */
@EveryGround
class HeadContractTest extends Contract {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "text, 200",
    "file, 200",
    "stream, 200",
    "http, 409",
    "own, 418",
    "problem, 402",
    "secret, 500",
    "blocking, 500",
    "async, 500",
    "early, 500",
    "output, 500"
  })
  void anEditIsAppliedToWhateverHeadIsSent(String what, int status) throws IOException {
    probe.file(Files.writeString(dir.resolve("a.txt"), "abc"));
    Answer answer = connect().send(get("/edited/" + what)).answer();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("X-Edit")).isEqualTo("yes");
    logs.take(Level.WARN);
  }

  @Test
  void anEditIsAppliedToTheHeadOfAnUpgrade() {
    Peer peer = connect();
    peer.send(get("/edited/upgrade", "Connection: Upgrade\r\nUpgrade: echo\r\n"));
    String head = peer.take("\r\n\r\n");
    on.protocol().assertTakenOver(head, "echo");
    assertThat(head).contains("X-Edit: yes");
    peer.awaitOver();
  }

  @Test
  void anEditIsAppliedToTheAnswerToHead() {
    Answer answer = connect().send(head("HEAD", "/edited/stream", "")).answer(true);
    assertThat(answer.header("X-Edit")).isEqualTo("yes");
  }

  @Test
  void anEditIsAppliedToAutomaticAnswersOfItsGroup() {
    Answer answer = connect().send(head("DELETE", "/edited/text", "")).answer();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("X-Edit")).isEqualTo("yes");
  }

  @Test
  void anEditOfACallIsNotThatOfTheNext() {
    Peer peer = connect();
    peer.send(get("/edited/text") + get("/text"));
    assertThat(peer.answer().header("X-Edit")).isEqualTo("yes");
    assertThat(peer.answer().header("X-Edit")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/text", "/chunks/1", "/declared", "/no-content", "/nowhere", "/error/http"})
  void dateIsAlwaysSentAndServerNever(String path) {
    Answer answer = connect().send(get(path)).answer();
    String date = answer.header("Date");
    assertThat(date).matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    if (on.isMemory()) {
      assertThat(date).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    }
    assertThat(answer.headers("Server")).isEmpty();
  }

  @Test
  void everyCallHasAnIdOfItsOwn() {
    Peer peer = connect();
    String first = peer.send(get("/id")).answer().body();
    String second = peer.send(get("/id")).answer().body();
    String third = connect().send(get("/id")).answer().body();
    assertThat(new String[] {first, second, third}).doesNotHaveDuplicates();
  }

  @Test
  void attributesBelongToTheCall() {
    Peer peer = connect();
    assertThat(peer.send(get("/log/colour")).answer().body()).isEqualTo("blue");
  }

  @Test
  void anIdThatTheClientSentIsTakenAndSentBack() {
    Answer answer = connect().send(get("/log/id", "X-Request-Id: abc-1\r\n")).answer();
    assertThat(answer.header("X-Request-Id")).isEqualTo("abc-1");
    assertThat(answer.body()).as("id of the request, and in the MDC").isEqualTo("abc-1 abc-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/log/text", "/log/blocking"})
  void theMdcIsThereInUserCodeAndGoneBehindIt(String path) {
    Peer peer = connect();
    peer.send(get(path, "X-Request-Id: abc-1\r\n") + get("/mdc-after") + get("/mdc-after"));
    assertThat(peer.answer().body()).isEqualTo("id abc-1");
    assertThat(peer.answer().body()).isEqualTo("id null");
    assertThat(peer.answer().body()).isEqualTo("id null");
  }

  @Test
  void theMdcIsThereAgainWhenTheHandlerGoesOn() {
    Peer peer = connect();
    peer.send(head("POST", "/log/late", "X-Request-Id: abc-1\r\nContent-Length: 5\r\n"));
    ground().settle();
    peer.send("hello");
    assertThat(peer.answer().body()).isEqualTo("id abc-1");
  }

  @Test
  void theMdcOfACallThatAnswersLateDoesNotReachTheNextOne() {
    Peer peer = connect();
    peer.send(get("/log/wait/a", "X-Request-Id: abc-1\r\n"));
    awaitNote("started a");
    peer.send(get("/mdc-after"));
    ground().settle();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("id null");
  }

  @Test
  void theAccessLogHasALineForEachCall() {
    Peer peer = connect();
    peer.send(get("/log/text?a=b", "X-Request-Id: abc-1\r\n")).answer();
    assertThat(logs.of("runnel.access"))
        .singleElement()
        .asString()
        .matches("GET /log/text\\?a=b 200 8 \\d+\\.\\d{3} abc-1");
  }
}
