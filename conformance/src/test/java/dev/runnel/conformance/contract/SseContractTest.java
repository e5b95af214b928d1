package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * SEMANTICS 6: streams of events; what takes time is in {@link SseTimeContractTest}, what happens
 * at a stop in {@link SseStoppingContractTest}.
 */
@EveryGround
class SseContractTest extends Contract {
  private static final String ACCEPT = "Accept: text/event-stream\r\n";
  private static final Pattern FLOOD = Pattern.compile("data: ([ab])(\\d+) x{16384}\n\n");

  static String events(String path) {
    return get(path, ACCEPT);
  }

  // --- 6.1 ---

  @Test
  void line1NothingIsCommittedBeforeOpenSoTheHandlerCanStillReject() {
    Peer peer = connect();
    peer.send(events("/sse/reject/a"));
    awaitNote("started a");
    assertThat(peer.rest()).isEmpty();
    probe.open("a");
    assertThat(peer.answer().status()).isEqualTo(401);
    assertServes(peer);
  }

  @Test
  void line1TheHeadIsSentWithTheFirstSend() {
    Peer peer = connect();
    peer.send(events("/sse/first/a"));
    assertThat(peer.take("data: first\n\n")).startsWith("HTTP/1.1 200 OK\r\n");
    probe.open("a");
    assertThat(peer.take("data: late\n\n")).doesNotContain("HTTP/1.1");
  }

  @Test
  void line1OpenSendsTheHeadWithoutAnEvent() {
    Peer peer = connect();
    peer.send(events("/sse/open/a"));
    assertThat(peer.take("\r\n\r\n")).contains("text/event-stream");
    awaitNote("started a");
    ground().settle();
    assertThat(peer.rest()).isEmpty();
    probe.open("a");
    peer.take("data: late\n\n");
  }

  @Test
  void line1AHandlerMayAnswer204() {
    Peer peer = connect();
    Answer answer = peer.send(events("/sse/204")).answer();
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.headers("Content-Type")).isEmpty();
    assertServes(peer);
  }

  @Test
  void line1AnAcceptThatExcludesEventStreamsIs406() {
    Peer peer = connect();
    for (String path : List.of("/sse/three", "/sse/blocking-three")) {
      for (String accept : List.of("text/html", "text/event-stream;q=0, */*")) {
        Answer answer = peer.send(get(path, "Accept: " + accept + "\r\n")).answer();
        assertThat(answer.status()).as(path + " for " + accept).isEqualTo(406);
        assertThat(answer.body()).contains("text/event-stream");
      }
      for (String accept : List.of("text/event-stream", "text/*", "*/*")) {
        Answer answer = peer.send(get(path, "Accept: " + accept + "\r\n")).answer();
        assertThat(answer.status()).as(path + " for " + accept).isEqualTo(200);
      }
    }
    assertThat(peer.send(get("/sse/three")).answer().status()).isEqualTo(200);
  }

  @Test
  void aHeadRequestStartsNoHandler() {
    Peer peer = connect();
    Answer answer = peer.send(head("HEAD", "/sse/first/a", ACCEPT)).answer(true);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
    assertServes(peer);
    assertThat(probe.notes()).isEmpty();
  }

  // --- 6.2 ---

  @Test
  void line2SendSuspendsUntilThereIsRoom() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(events("/sse/flood/1000"));
    long written = awaitStandstill();
    assertThat(written).as("events sent to a client that takes none").isLessThan(1000);
    peer.reading(true);
    ground().until(() -> probe.saw("dropped 0"), "all events to be sent");
    assertThat(numbers(peer.answer().body())).hasSize(1000);
  }

  @Test
  void line2AnEventIsSentWholeOrNotAtAll() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(events("/sse/atomic"));
    awaitNote("cancelled both");
    peer.reading(true);
    String body = peer.answer().body();
    assertThat(body).hasSize((8 << 20) + "data: \n\n".length() + "data: third\n\n".length());
    assertThat(body).endsWith("x\n\ndata: third\n\n");
  }

  @Test
  void line2EventsOfSeveralSendersArriveInTheOrderSent() {
    Peer peer = start().connectNarrow();
    peer.send(events("/sse/fifo/a"));
    peer.take("data: 0\n\n");
    peer.reading(false);
    probe.open("a");
    awaitNote("all sent");
    peer.reading(true);
    StringBuilder order = new StringBuilder();
    for (int i = 1; i < 10; i++) {
      order.append("data: e").append(i).append("\n\n");
    }
    peer.await(p -> p.endsWith("0\r\n\r\n"), "the last chunk");
    assertThat(peer.rest().replaceAll("\r\n[0-9a-f]+\r\n|\r\n", "")).contains(order);
  }

  // --- 6.3 ---

  @Test
  void line3WhatCannotBeSentIsRefused() {
    Answer answer = connect().send(events("/sse/refused")).answer();
    assertThat(answer.body()).isEqualTo("data: fine\n\n");
    assertThat(probe.count("id refused")).isEqualTo(3);
    assertThat(probe.count("event refused")).isEqualTo(2);
  }

  @Test
  void line3DataIsSplitAtEveryKindOfLineEnd() {
    for (String path : List.of("/sse/three", "/sse/blocking-three")) {
      assertThat(connect().send(events(path)).answer().body())
          .isEqualTo(
              """
              data: one

              event: note
              id: 2
              data: two
              data: lines
              data: and
              data: more

              : three
              retry: 2000
              data:\s

              """);
    }
  }

  // --- 6.4 ---

  @Test
  void line4ASlowConsumerIsCancelled() {
    assumeTrue(on.holdsBack() && !on.isMemory(), "the clock of this one runs by itself");
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(events("/sse/impatient/100000"));
    awaitNote("cancelled flood SLOW_CONSUMER");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void line4ARouteMayDropTheOldest() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(events("/sse/drop/4000"));
    ground().until(() -> probe.count("wrote") == 4000, "a sender that never waits");
    peer.reading(true);
    List<Integer> arrived = numbers(peer.answer().body());
    assertThat(arrived).isSorted().hasSizeLessThan(4000).endsWith(3996, 3997, 3998, 3999);
    awaitNote("dropped " + (4000 - arrived.size()));
  }

  @Test
  void line4ARouteMayConflate() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(events("/sse/conflate/4000"));
    ground().until(() -> probe.count("wrote") == 4000, "a sender that never waits");
    peer.reading(true);
    List<Integer> arrived = numbers(peer.answer().body());
    assertThat(arrived).hasSizeLessThan(4000).contains(3998, 3999);
    // A newer one takes the place of the older, so only those of one key are in order.
    assertThat(arrived.stream().filter(number -> number % 2 == 0)).isSorted();
    assertThat(arrived.stream().filter(number -> number % 2 == 1)).isSorted();
    awaitNote("dropped " + (4000 - arrived.size()));
  }

  @Test
  void line4ARouteMayClose() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(events("/sse/close/100000"));
    awaitNote("cancelled flood SLOW_CONSUMER");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  // --- 6.6 ---

  @Test
  void line6ReturningEndsTheStream() {
    Peer peer = connect();
    assertThat(peer.send(events("/sse/three")).answer().body()).endsWith("data: \n\n");
    assertServes(peer);
  }

  @Test
  void line6AFailureBeforeTheHeadIsAnErrorAnswer() {
    Peer peer = connect();
    assertThat(peer.send(events("/sse/fail-early")).answer().status()).isEqualTo(500);
    assertServes(peer);
    assertThat(logs.take(Level.ERROR)).hasSize(1);
  }

  @Test
  void line6AFailureBehindTheHeadIsSeenByTheClientAndLoggedOnce() {
    Peer peer = connect();
    peer.send(events("/sse/fail-late"));
    assertThat(awaitBrokenOff(peer)).contains("data: one\n\n").doesNotContain("\r\n0\r\n");
    assertThat(logs.take(Level.WARN))
        .singleElement()
        .satisfies(line -> assertThat(line.getFormattedMessage()).contains("/sse/fail-late"));
  }

  @Test
  void aClientThatLeavesEndsTheHandler() {
    Peer peer = connect();
    peer.send(events("/sse/first/a"));
    peer.take("data: first\n\n");
    awaitNote("started a");
    peer.vanish();
    awaitNote("closed a");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void aStageThatNobodyCompletesIsCancelledWithItsStream() {
    assumeTrue(!isKotlin(), "a CompletableFuture is Java's");
    Peer peer = connect();
    peer.send(events("/sse/forgotten"));
    peer.take("data: first\n\n");
    peer.vanish();
    awaitNote("closed first true");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  // --- 6.7 ---

  @Test
  void line7TheHandlerGetsTheLastEventId() {
    Peer peer = connect();
    assertThat(peer.send(events("/sse/last")).answer().body()).isEqualTo("data: last null\n\n");
    assertThat(peer.send(get("/sse/last", "Last-Event-ID: 17\r\n")).answer().body())
        .isEqualTo("data: last 17\n\n");
    // A browser sends UTF-8, here as the bytes it has.
    assertThat(peer.send(get("/sse/last", "Last-Event-ID: \u00c3\u00a4\r\n")).answer().body())
        .isEqualTo("data: last \u00c3\u00a4\n\n");
  }

  @Test
  void line7AnEventLogReplaysThenFollows() {
    assumeTrue(isKotlin(), "the log is Kotlin's");
    Peer sender = connect();
    append(sender, 1, 2);
    Peer peer = ground().connect();
    peer.send(events("/sse/log"));
    String id = idOf(peer.take("\"number\":1,\"note\":\"none\"}\n\n"));
    peer.take("\"number\":2,\"note\":\"none\"}\n\n");
    append(sender, 3);
    peer.take("\"number\":3,\"note\":\"none\"}\n\n");
    Peer later = ground().connect();
    later.send(get("/sse/log", "Last-Event-ID: " + id + "\r\n"));
    String replayed = later.take("\"number\":3,\"note\":\"none\"}\n\n");
    assertThat(replayed).contains("\"number\":2").doesNotContain("\"number\":1", "reset");
    append(sender, 4);
    assertThat(later.take("\"number\":4,\"note\":\"none\"}\n\n")).doesNotContain("\"number\":3");
  }

  @Test
  void line7AnUnknownIdIsAReset() {
    assumeTrue(isKotlin(), "the log is Kotlin's");
    Peer sender = connect();
    append(sender, 1, 2, 3, 4);
    Peer peer = ground().connect();
    peer.send(get("/sse/log", "Last-Event-ID: nobody-gave-this\r\n"));
    assertThat(peer.take("data: \n\n")).contains("event: reset\n");
    assertThat(peer.take("\"number\":2,\"note\":\"none\"}\n\n")).doesNotContain("\"number\":1");
    peer.take("\"number\":4,\"note\":\"none\"}\n\n");
  }

  private void append(Peer sender, int... numbers) {
    for (int number : numbers) {
      assertThat(sender.send(post("/sse/log/" + number, "")).answer().status()).isEqualTo(204);
    }
  }

  private static String idOf(String text) {
    Matcher id = Pattern.compile("id: (\\S+)\n").matcher(text);
    assertThat(id.find()).as("an id in " + text).isTrue();
    return id.group(1);
  }

  // --- 6.8 ---

  @Test
  void line8TheHead() {
    Answer answer = connect().send(events("/sse/three")).answer();
    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
    assertThat(answer.headers("Connection")).isEmpty();
  }

  @Test
  void line8NothingIsCompressedThatNobodyAskedFor() {
    Peer peer = connect();
    Answer answer = peer.send(get("/sse/three", "Accept-Encoding: gzip, br\r\n")).answer();
    assertThat(answer.headers("Content-Encoding")).isEmpty();
    assertThat(answer.body()).startsWith("data: one\n\n");
  }

  @Test
  void line8WhatIsAskedForIsCompressed() throws IOException {
    Peer peer = connect();
    String plain = peer.send(events("/sse/three")).answer().body();
    Answer coded = peer.send(get("/sse/gzip", "Accept-Encoding: gzip;q=0.5, br\r\n")).answer();
    assertThat(coded.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(coded.header("Vary")).isEqualTo("Accept-Encoding");
    byte[] bytes = coded.body().getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(plain);
    Answer refused = peer.send(get("/sse/gzip", "Accept-Encoding: gzip;q=0, *\r\n")).answer();
    assertThat(refused.headers("Content-Encoding")).isEmpty();
    assertThat(refused.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(refused.body()).isEqualTo(plain);
  }

  // --- 6.9 ---

  @Test
  void line9AFlowIsServed() {
    assumeTrue(isKotlin(), "a Flow is Kotlin's");
    Peer peer = connect();
    assertThat(peer.send(events("/sse/flow")).answer().body())
        .isEqualTo("data: one\n\nid: 2\ndata: two\n\n");
    assertThat(peer.send(events("/sse/items")).answer().body())
        .isEqualTo(
            """
            data: {"number":1,"note":"none"}

            data: {"number":2,"note":"none"}

            data: {"number":3,"note":"none"}

            """);
  }

  @Test
  void line9AStreamIsASendChannel() {
    assumeTrue(isKotlin(), "a SendChannel is Kotlin's");
    Peer peer = connect();
    assertThat(peer.send(events("/sse/channel")).answer().body())
        .isEqualTo("data: 1\n\ndata: 2\n\ndata: 3\n\n");
  }

  @Test
  void line9TheChannelEndsWithItsClient() {
    assumeTrue(isKotlin(), "a SendChannel is Kotlin's");
    Peer peer = connect();
    peer.send(events("/sse/channel/a"));
    peer.take("data: first\n\n");
    peer.vanish();
    awaitNote("channel closed a");
  }

  private static List<Integer> numbers(String body) {
    List<Integer> numbers = new ArrayList<>();
    Matcher event = FLOOD.matcher(body);
    int at = 0;
    while (event.find()) {
      assertThat(event.start()).as("a torn event").isEqualTo(at);
      at = event.end();
      numbers.add(Integer.parseInt(event.group(2)));
    }
    assertThat(at).as("a torn event at the end").isEqualTo(body.length());
    return numbers;
  }
}
