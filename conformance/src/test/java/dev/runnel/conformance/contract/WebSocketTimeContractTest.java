package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.Handshake;
import dev.runnel.testing.websocket.Opcode;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** When things happen in a session. */
@InMemory
class WebSocketTimeContractTest extends TimeContract {
  private WsPeer open(String path) {
    // HTTP/2 has pings of its own, which only an idle connection gets.
    return WsPeer.open(connect(), path);
  }

  private static void assertNothing(WsPeer peer) {
    assertThat(peer.peer().rest()).isEmpty();
  }

  @Test
  void line5AHandlerHasFiveSecondsToReturn() {
    Assumptions.assumeTrue(isKotlin(), "a blocking thread is left to end by itself");
    WsPeer peer = open("/ws/stay");
    peer.close(1000);
    awaitNote("incoming ended 1000");
    ground().advance(Duration.ofSeconds(5).minus(MILLI));
    assertThat(probe.saw("left")).as("left early").isFalse();
    ground().advance(MILLI);
    assertThat(probe.saw("left")).as("left in time").isTrue();
  }

  @Test
  void line6ACloseWithoutAnswerEndsAfterFiveSeconds() {
    WsPeer peer = open("/ws/return");
    assertThat(peer.text()).isEqualTo("hi");
    assertThat(peer.closing().code()).isEqualTo(1000);
    ground().advance(Duration.ofSeconds(5).minus(MILLI));
    assertThat(peer.peer().isOver()).as("over early").isFalse();
    ground().advance(MILLI);
    peer.expectEnd();
  }

  @Test
  void line7ASilentPeerIsAskedAndThenGivenUp() {
    WsPeer peer = open("/ws/echo");
    ground().advance(Duration.ofSeconds(20).minus(MILLI));
    assertNothing(peer);
    ground().advance(MILLI);
    assertThat(peer.frame().opcode()).isEqualTo(Opcode.PING);
    ground().advance(Duration.ofSeconds(20).minus(MILLI));
    assertThat(probe.notes()).doesNotContain("cancelled CLIENT_GONE 1006");
    ground().advance(MILLI);
    awaitNote("cancelled CLIENT_GONE 1006");
    assertThat(peer.peer().isOver()).isTrue();
  }

  @Test
  void line7APeerThatAnswersStays() {
    WsPeer peer = open("/ws/echo");
    for (int i = 0; i < 10; i++) {
      seconds(20);
      assertThat(peer.frame().opcode()).isEqualTo(Opcode.PING);
      peer.send(WsFrame.pong(""));
    }
    assertThat(peer.text("still here").text()).isEqualTo("still here");
    peer.close(1000);
  }

  @Test
  void line7WhatComesIsAsGoodAsAPong() {
    WsPeer peer = open("/ws/echo");
    seconds(19);
    assertThat(peer.text("alive").text()).isEqualTo("alive");
    seconds(19);
    assertNothing(peer);
    seconds(1);
    assertThat(peer.frame().opcode()).isEqualTo(Opcode.PING);
    peer.close(1000);
  }

  @Test
  void line7APeerThatCouldNotBeAskedInTimeIsAskedLater() {
    Assumptions.assumeTrue(on.holdsBack(), "in memory HTTP/1.1 takes all");
    Assumptions.assumeTrue(isKotlin(), "a blocking thread keeps the wall clock");
    WsPeer peer = WsPeer.open(start().connectNarrow(), "/ws/try/a");
    peer.peer().reading(false);
    peer.text("go");
    ground().settle();
    seconds(25);
    peer.peer().reading(true);
    ground().settle();
    seconds(15);
    assertThat(probe.notes()).noneMatch(note -> note.startsWith("cancelled"));
    assertThat(firstOf(peer, Opcode.PING)).isEmpty();
    assertThat(peer.peer().isOver()).isFalse();
    peer.send(WsFrame.pong(""));
    seconds(19);
    assertThat(peer.peer().isOver()).isFalse();
    probe.open("a");
    awaitNote("flushed SENT");
  }

  @Test
  void line6AStopDuringASendSaysCloseWhateverWaitsToBeRead() {
    Assumptions.assumeTrue(on.holdsBack(), "in memory HTTP/1.1 takes all");
    Assumptions.assumeTrue(isKotlin(), "a blocking thread keeps the wall clock");
    WsPeer peer = WsPeer.open(start().connectNarrow(), "/ws/push/1000");
    peer.peer().reading(false);
    peer.text("go").text("unread").send(WsFrame.close(4002));
    ground().settle();
    var stopped = ground().stop(Duration.ofSeconds(10));
    awaitNote("send throws 1001");
    peer.peer().reading(true);
    assertThat(firstOf(peer, Opcode.CLOSE)).isEqualTo(WsFrame.close(1001).content());
    peer.expectOrderlyEnd();
    assertThat(ground().report(stopped)).isNotNull();
  }

  /** What the first frame of this kind carries; others before it are messages. */
  private static String firstOf(WsPeer peer, int opcode) {
    WsFrame frame = peer.frame();
    while (frame.opcode() != opcode) {
      frame = peer.frame();
    }
    return frame.content();
  }

  @Test
  void line13AListenerHearsOfTheEndThoughItsStageNeverCompletes() {
    Assumptions.assumeFalse(isKotlin(), "coroutines are cancelled");
    WsPeer peer = open("/ws/never");
    peer.text("one");
    awaitNote("never");
    peer.close(4003);
    ground().advance(Duration.ofSeconds(5).minus(MILLI));
    assertThat(probe.saw("told 4003")).as("told early").isFalse();
    ground().advance(MILLI);
    awaitNote("told 4003");
  }

  @Test
  void line3ThePongDeadlinePausesWhileNothingIsRead() {
    WsPeer peer = open("/ws/wait/a");
    awaitNote("waits");
    peer.text("one").text("three");
    for (int i = 0; i < 10; i++) {
      seconds(20);
    }
    assertThat(peer.peer().isOver()).isFalse();
    probe.open("a");
    assertThat(peer.withoutPongs().text()).isEqualTo("3");
    assertThat(peer.text()).isEqualTo("5");
    peer.close(1000);
  }

  @Test
  void line7OnlyTheLatestPingIsAnswered() {
    Assumptions.assumeTrue(on.holdsBack(), "in memory HTTP/1.1 takes all");
    Assumptions.assumeTrue(isKotlin(), "a blocking thread keeps the wall clock");
    WsPeer peer = WsPeer.open(start().connectNarrow(), "/ws/push/1000");
    peer.peer().reading(false);
    peer.text("go");
    ground().settle();
    for (int i = 0; i < 5; i++) {
      peer.send(WsFrame.ping("ping " + i));
    }
    ground().settle();
    peer.peer().reading(true);
    for (int i = 0; i < 1000; i++) {
      assertThat(peer.text()).hasSize(16 << 10);
    }
    assertThat(peer.expectClose(1000)).isEmpty();
    assertThat(peer.pongs()).extracting(WsFrame::content).containsExactly("ping 4");
  }

  @Test
  void line6TooManyPingsCloseWith1008() {
    WsPeer peer = open("/ws/echo");
    for (int i = 0; i < 10; i++) {
      peer.send(WsFrame.ping("" + i));
    }
    seconds(1);
    for (int i = 0; i < 11; i++) {
      peer.send(WsFrame.ping("" + i));
    }
    assertThat(peer.expectClose(1008)).contains("pings");
  }

  @Test
  void line4AMessageThatWaits30SecondsClosesWith1008() {
    Assumptions.assumeTrue(on.holdsBack(), "in memory HTTP/1.1 takes all");
    Assumptions.assumeTrue(isKotlin(), "a blocking thread keeps the wall clock");
    Timeouts patient = Timeouts.DEFAULT.withWriteStall(Duration.ofMinutes(5));
    Peer bytes = start(options -> options.timeouts(patient)).connectNarrow();
    WsPeer peer = WsPeer.open(bytes, "/ws/push/1000");
    peer.peer().reading(false);
    peer.text("go");
    ground().settle();
    ground().advance(Duration.ofSeconds(30).minus(MILLI));
    assertThat(probe.notes()).doesNotContain("send throws 1008");
    ground().advance(MILLI);
    awaitNote("send throws 1008");
  }

  @Test
  void line9AHandlerThatTakesItsTimeIsOpenAfterHalfASecond() {
    Assumptions.assumeTrue(isKotlin(), "sessions of the Java faces are open at once");
    Peer peer = connect();
    peer.send(
        get(
            "/ws/late",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: "
                + Handshake.KEY
                + "\r\n"));
    ground().advance(Duration.ofMillis(499));
    assertThat(peer.rest()).isEmpty();
    ground().advance(MILLI);
    on.protocol().assertTakenOver(peer.take("\r\n\r\n"), "websocket");
    probe.open("late");
  }
}
