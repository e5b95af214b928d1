package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.DeflatePeer;
import dev.runnel.testing.websocket.Handshake;
import dev.runnel.testing.websocket.WsClosing;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsMessage;
import dev.runnel.testing.websocket.WsPeer;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * WebSocket sessions, line by line of what is promised. What needs exact time is in {@link
 * WebSocketTimeContractTest}.
 */
@EveryGround
class WebSocketContractTest extends Contract {
  private WsPeer open(String path) {
    return WsPeer.open(connect(), path);
  }

  private void kotlinOnly() {
    Assumptions.assumeTrue(isKotlin(), "Java has no flows");
  }

  // --- 1: the handler and its scope ---

  @Test
  void line1TheHandlerRunsUnderTheCallsJob() {
    kotlinOnly();
    WsPeer peer = open("/ws/children");
    assertThat(peer.text()).isEqualTo("ready");
    peer.peer().vanish();
    awaitNote("child ended");
  }

  // --- 2: incoming ---

  @Test
  void line2MessagesAreEchoed() {
    WsPeer peer = open("/ws/echo");
    assertThat(peer.text("hällo").text()).isEqualTo("hällo");
    assertThat(peer.binary(new byte[] {1, 2, 3}).message().bytes()).containsExactly(1, 2, 3);
    assertThat(peer.text("").text()).isEmpty();
    peer.close(1000);
    awaitNote("ended 1000");
  }

  @Test
  void line2ACollectorThatStopsEarlyLosesNothing() {
    kotlinOnly();
    WsPeer peer = open("/ws/again");
    for (String text : new String[] {"1", "2", "3", "4", "5"}) {
      peer.text(text);
    }
    assertThat(peer.text()).isEqualTo("first 1");
    assertThat(peer.text()).isEqualTo("taken 2");
    assertThat(peer.text()).isEqualTo("taken 3");
    assertThat(peer.text()).isEqualTo("rest 4");
    assertThat(peer.text()).isEqualTo("rest 5");
    peer.close(1000);
  }

  @Test
  void line2ACollectorThatCancelsItselfLosesNothing() {
    kotlinOnly();
    WsPeer peer = open("/ws/cancelled");
    peer.send(WsFrame.text("one"), WsFrame.text("two"));
    assertThat(peer.text()).isEqualTo("rest two");
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line2AMessageOnItsWayToACancelledCollectorIsTheFirstOfTheNext() {
    kotlinOnly();
    WsPeer peer = open("/ws/in-hand");
    awaitNote("collects");
    peer.text("one").text("two");
    ground().settle();
    probe.open("hand");
    assertThat(peer.text()).isEqualTo("one");
    assertThat(peer.text()).isEqualTo("two");
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line2LargeMessagesComeInParts() {
    kotlinOnly();
    WsPeer peer = open("/ws/streams");
    byte[] large = new byte[3 << 20];
    peer.send(WsFrame.binary(large).notLast(), WsFrame.continuation(new byte[10]));
    assertThat(peer.text()).isEqualTo((3 << 20) + 10 + " false");
    assertThat(peer.text("abc").text()).isEqualTo("3 true");
    peer.close(1000);
  }

  // --- 3: reading ahead ---

  @Test
  void line3OneMessageIsReadAhead() {
    WsPeer peer = open("/ws/wait/a");
    awaitNote("waits");
    peer.send(WsFrame.ping("before"));
    assertThat(peer.pong()).isEqualTo("before");
    peer.text("one").text("three").send(WsFrame.ping("behind"));
    ground().settle();
    assertThat(peer.pongs()).hasSize(1);
    probe.open("a");
    assertThat(peer.text()).isEqualTo("3");
    assertThat(peer.text()).isEqualTo("5");
    peer.close(1000);
    assertThat(peer.pongs()).extracting(WsFrame::content).containsExactly("before", "behind");
  }

  // --- 4: sending ---

  @Test
  void line4SendingIsHeldBack() {
    WsPeer peer = WsPeer.open(start().connectNarrow(), "/ws/push/1000");
    peer.peer().reading(false);
    peer.text("go");
    if (!on.isMemory()) { // where all is taken by now
      ground().settle();
      assertThat(probe.count("sent")).as("messages to who takes none").isLessThan(1000);
    }
    peer.peer().reading(true);
    for (int i = 0; i < 1000; i++) {
      assertThat(peer.text()).hasSize(16 << 10);
    }
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line4MessagesAreNeverMixed() {
    WsPeer peer = open("/ws/order");
    for (int i = 0; i < 100; i++) {
      assertThat(peer.text()).isEqualTo(i + " " + "x".repeat(4 << 10));
    }
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line4TryingTellsThatThePeerIsFull() {
    Assumptions.assumeTrue(on.holdsBack(), "in memory HTTP/1.1 takes all");
    WsPeer peer = WsPeer.open(start().connectNarrow(), "/ws/try/a");
    peer.peer().reading(false);
    peer.text("go");
    ground().until(() -> probe.notes().stream().anyMatch(n -> n.startsWith("full")), "full");
    assertThat(probe.notes()).doesNotContain("full after 10000");
    probe.open("a");
    peer.peer().reading(true);
    awaitNote("flushed SENT");
    WsMessage last = peer.message();
    while (!last.text().equals("again")) {
      last = peer.message();
    }
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line4PartsOfAMessageAreNotMixedWithOthers() {
    kotlinOnly();
    WsPeer peer = open("/ws/parts");
    assertThat(peer.text()).isEqualTo("ab");
    assertThat(peer.text()).isEqualTo("c");
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  // --- 5: the end, seen from the handler ---

  @Test
  void line5AMessageInPartsFailsWithTheSession() {
    kotlinOnly();
    WsPeer peer = open("/ws/parts-closed");
    assertThat(peer.frame().content()).isEqualTo("a");
    peer.close(4001);
    awaitNote("parts throw 4001");
  }

  @Test
  void line6AMessageInPartsThatIsGivenUpClosesWithTheCodeThatWasThrown() {
    kotlinOnly();
    WsPeer peer = open("/ws/parts-code");
    assertThat(peer.frame().content()).isEqualTo("a");
    assertThat(peer.closing().code()).isEqualTo(4000);
  }

  @Test
  void line5ThePeerSaysClose() {
    WsPeer peer = open("/ws/linger");
    peer.send(WsFrame.close(4001, "enough"));
    assertThat(peer.closing()).isEqualTo(new WsClosing(4001, ""));
    peer.expectOrderlyEnd();
    awaitNote("incoming ended 4001 enough");
    awaitNote("send throws 4001 enough");
  }

  @Test
  void line5ThePeerVanishes() {
    WsPeer peer = open("/ws/echo");
    assertThat(peer.text("there").text()).isEqualTo("there");
    peer.peer().vanish();
    awaitNote("cancelled CLIENT_GONE 1006");
  }

  @Test
  void line5AHalfClosedConnectionIsAVanishedPeer() {
    Assumptions.assumeTrue(on.hasHalves(), "in memory a connection has no halves");
    WsPeer peer = open("/ws/echo");
    assertThat(peer.text("there").text()).isEqualTo("there");
    peer.peer().halfClose();
    awaitNote("cancelled CLIENT_GONE 1006");
    peer.expectEnd();
  }

  @Test
  void line5TryingAfterTheEndTellsSo() {
    kotlinOnly();
    WsPeer peer = open("/ws/trysend-closed");
    peer.close(1001);
    awaitNote("closed 1001");
    awaitNote("tried CLOSED");
  }

  @Test
  void line5WaitingForTheEndDropsWhatNobodyCollects() {
    kotlinOnly();
    WsPeer peer = open("/ws/push-only");
    for (int i = 0; i < 20; i++) {
      peer.text("nobody reads this");
    }
    peer.close(1000);
    awaitNote("closed 1000");
  }

  // --- 6: close codes ---

  @Test
  void line6AHandlerThatReturnsClosesWith1000() {
    WsPeer peer = open("/ws/return");
    assertThat(peer.text()).isEqualTo("hi");
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line6AHandlerThatThrowsClosesWith1011() {
    WsPeer peer = open("/ws/fail");
    assertThat(peer.text()).isEqualTo("hi");
    assertThat(peer.expectClose(1011)).isEmpty();
    assertThat(logs.take(Level.ERROR)).hasSize(1);
  }

  @Test
  void line6AHandlerPicksItsCode() {
    WsPeer peer = open("/ws/close/4123");
    assertThat(peer.text()).isEqualTo("hi");
    assertThat(peer.expectClose(4123)).as("cut at a character").isEqualTo("é".repeat(61));
  }

  @Test
  void line6CodesThatCannotBeSentAreRefused() {
    for (int code : new int[] {1005, 1006, 1015, 999, 5000}) {
      WsPeer peer = open("/ws/close/" + code);
      assertThat(peer.text()).isEqualTo("hi");
      assertThat(peer.expectClose(1011)).isEmpty();
      assertThat(logs.take(Level.ERROR)).hasSize(1);
    }
  }

  @Test
  void line6AStopClosesWith1001() {
    WsPeer peer = open("/ws/echo");
    assertThat(peer.text("there").text()).isEqualTo("there");
    var report = ground().stop(Duration.ofSeconds(10));
    assertThat(peer.expectClose(1001)).isEmpty();
    peer.close();
    assertThat(ground().report(report).finished()).isEqualTo(1);
    assertThat(ground().report(report).cancelled()).isZero();
  }

  @Test
  void line6FramingErrorsCloseWith1002() {
    WsPeer peer = open("/ws/echo");
    peer.send(WsFrame.text("not masked").unmasked());
    assertThat(peer.expectClose(1002)).contains("masked");
  }

  @Test
  void line6BadTextClosesWith1007() {
    WsPeer peer = open("/ws/echo");
    peer.send(WsFrame.text(new byte[] {'a', (byte) 0xFF}));
    assertThat(peer.expectClose(1007)).contains("UTF-8");
  }

  @Test
  void line6AMessageOverTheLimitClosesWith1009() {
    WsPeer peer = open("/ws/echo");
    peer.binary(new byte[(1 << 20) + 1]);
    assertThat(peer.expectClose(1009)).contains("1048576");
  }

  // --- 8: compression ---

  @Test
  void line8MessagesAreCompressedFromOneKibibyteOn() {
    WsPeer peer =
        Handshake.to("/ws/deflate")
            .with("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
            .open(connect());
    assertThat(peer.answer().header("Sec-WebSocket-Extensions"))
        .contains("permessage-deflate", "server_no_context_takeover", "client_no_context_takeover");
    peer.deflating(new DeflatePeer(false, false));
    String large = "all work and no play ".repeat(100);
    peer.sendCompressed(WsFrame.text(large));
    WsFrame echo = peer.frame();
    assertThat(echo.rsv()).isEqualTo(4);
    assertThat(echo.payload().length).isLessThan(100);
    peer.sendCompressed(WsFrame.text("small"));
    assertThat(peer.frame().rsv()).isZero();
    peer.close(1000);
  }

  // --- 9: the handshake ---

  @Test
  void line9TheServersOrderPicksTheSubProtocol() {
    WsPeer peer =
        Handshake.to("/ws/protocols").with("Sec-WebSocket-Protocol", "a, b, c").open(connect());
    assertThat(peer.answer().header("Sec-WebSocket-Protocol")).isEqualTo("b");
    assertThat(peer.answer().header("X-Session")).isEqualTo("yes");
    assertThat(peer.text()).isEqualTo("speaks b");
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line9OnlyPagesOfTheSameHostMayOpenASession() {
    Handshake good = Handshake.to("/ws/return").with("Origin", "https://a");
    assertThat(good.open(connect()).text()).isEqualTo("hi");
    Handshake bad = Handshake.to("/ws/return").with("Origin", "https://evil.example");
    assertThat(bad.refused(connect()).status()).isEqualTo(403);
  }

  @Test
  void line9FiltersRunAsForGet() {
    WsPeer peer = open("/ws/filtered/echo");
    assertThat(peer.text("in").text()).isEqualTo("in");
    peer.close(1000);
    assertThat(probe.notes()).contains("filter saw GET");
    assertThat(Handshake.to("/ws/filtered/echo?in=no").refused(connect()).status()).isEqualTo(401);
  }

  @Test
  void line9ASessionIsRejectedBeforeItIsOpen() {
    kotlinOnly();
    Peer peer = connect();
    peer.send(get("/text")); // the connection is as good as any
    assertThat(peer.answer().status()).isEqualTo(200);
    probe.open("reject");
    Answer answer = Handshake.to("/ws/reject/401").refused(connect());
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("not now");
  }

  @Test
  void line9AnyHandlerMayAnswerWithASession() {
    WsPeer peer = open("/ws/either");
    assertThat(peer.answer().header("X-Either")).isEqualTo("ws");
    assertThat(peer.text()).isEqualTo("either");
    assertThat(peer.expectClose(1000)).isEmpty();
    Peer plain = connect();
    plain.send(get("/ws/either?ws=no"));
    assertThat(plain.answer().body()).isEqualTo("plain");
  }

  @Test
  void line9ARequestForNoSessionIsToldSo() {
    Peer peer = connect();
    peer.send(get("/ws/echo"));
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(on.protocol() == Protocol.HTTP_1 ? 426 : 400);
    assertThat(answer.body()).contains("WebSocket");
  }

  // --- 13: the Java faces ---

  private void javaOnly() {
    Assumptions.assumeFalse(isKotlin(), "a face of Java");
  }

  @Test
  void line13ABlockingSessionWaitsNoLongerThanItIsTold() {
    javaOnly();
    Assumptions.assumeFalse(on.isMemory(), "a blocking thread keeps the wall clock");
    WsPeer peer = open("/ws/patient");
    assertThat(peer.text()).isEqualTo("none yet");
    peer.text("late");
    assertThat(peer.text()).isEqualTo("then late");
    assertThat(peer.expectClose(1000)).isEmpty();
  }

  @Test
  void line13AListenerMayCloseAtOnce() {
    javaOnly();
    WsPeer peer = open("/ws/listener/closes-at-once");
    assertThat(peer.expectClose(4000)).isEqualTo("at once");
    awaitNote("onClose 4000");
  }

  @Test
  void line13AListenerThatThrowsAtOnceClosesWith1011() {
    javaOnly();
    WsPeer peer = open("/ws/listener/throws-at-once");
    assertThat(peer.expectClose(1011)).isEmpty();
    assertThat(logs.take(Level.ERROR)).hasSize(1);
  }

  @Test
  void line13AStageThatFailsClosesTheSession() {
    javaOnly();
    WsPeer peer = open("/ws/listener/fails");
    peer.text("a message");
    assertThat(peer.expectClose(4001)).isEqualTo("the stage failed");
  }

  @Test
  void line13AStageThatNeverCompletesHoldsThePeerBack() {
    javaOnly();
    WsPeer peer = open("/ws/listener/never-goes-on");
    peer.text("one").text("two").send(WsFrame.ping("unread"));
    ground().settle();
    assertThat(peer.pongs()).isEmpty();
    peer.peer().vanish();
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  // --- 11: typed sessions ---

  @Test
  void line11MessagesAreTyped() {
    kotlinOnly();
    WsPeer peer = open("/ws/typed");
    assertThat(peer.text("{\"number\":21}").text()).isEqualTo("{\"doubled\":42}");
    peer.text("{\"number\":\"x\"}");
    assertThat(peer.expectClose(1007)).contains("number");
  }

  @Test
  void line6UnexpectedBinaryOnATypedRouteClosesWith1003() {
    kotlinOnly();
    WsPeer peer = open("/ws/typed");
    peer.binary(new byte[] {1});
    assertThat(peer.expectClose(1003)).contains("text");
  }
}
