package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SEMANTICS 2: the client goes away. */
@EveryDeparture
class LeavingContractTest extends Contract {
  @Test
  void aHandlerIsCancelledAtOnceWhenTheConnectionIsLost() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
    awaitNote("ended a 499");
    if (isKotlin()) {
      awaitNote("finally a");
    }
  }

  @Test
  void aHandlerThatReadsIsCancelled() {
    Peer peer = connect();
    peer.send(head("POST", "/first/a", "Content-Length: 10\r\n") + "hello");
    awaitNote("piece a");
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
  }

  @Test
  void aHandlerThatWaitsForABodyIsCancelled() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Content-Length: 10\r\n") + "hello");
    ground().until(() -> ground().calls() == 1, "the call to begin");
    peer.vanish();
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void aBlockingHandlerThatReadsIsCancelled() {
    Peer peer = connect();
    peer.send(head("POST", "/upper", "Content-Length: 10\r\n") + "hello");
    ground().until(() -> ground().calls() == 1, "the call to begin");
    peer.vanish();
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void aStreamIsCancelled() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    awaitNote("started a");
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
  }

  @Test
  void aStreamThatWaitsForRoomIsCancelled() {
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/chunks/2000"));
    ground().until(() -> probe.saw("wrote"), "the stream to begin");
    peer.vanish();
    ground().until(() -> ground().calls() == 0, "the call to end");
    if (on.holdsBack()) {
      awaitNote("cancelled chunks CLIENT_GONE");
    }
  }

  @Test
  void blockingCodeThatWaitsForRoomIsToldByAnException() {
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/output/2000"));
    ground().until(() -> probe.saw("wrote"), "the stream to begin");
    peer.vanish();
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void detachedWorkOutlivesItsClient() {
    Peer peer = connect();
    assertThat(peer.send(get("/detached/a")).answer().body()).isEqualTo("a");
    peer.vanish();
    peer.close();
    ground().until(() -> ground().connections() == 0, "the connection to end");
    ground().settle();
    assertThat(probe.notes()).doesNotContain("detached cancelled a");
    probe.open("a");
    awaitNote("detached finished a");
  }

  @Test
  void oneThatLeavesTouchesNoOther() {
    start(options -> options.loops(2));
    List<Peer> stay = new ArrayList<>();
    List<Peer> leave = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Peer staying = connect();
      staying.send(get("/wait/stay" + i));
      stay.add(staying);
      Peer leaving = connect();
      leaving.send(get("/wait/leave" + i));
      leave.add(leaving);
    }
    for (int i = 0; i < 50; i++) {
      awaitNote("started stay" + i);
      awaitNote("started leave" + i);
    }
    leave.forEach(Peer::vanish);
    for (int i = 0; i < 50; i++) {
      awaitNote("cancelled leave" + i + " CLIENT_GONE");
    }
    for (int i = 0; i < 50; i++) {
      assertThat(probe.saw("cancelled stay" + i + " CLIENT_GONE")).isFalse();
      probe.open("stay" + i);
      assertThat(stay.get(i).answer().body()).isEqualTo("stay" + i);
      assertServes(stay.get(i));
    }
  }

  @Test
  void thousandsThatLeaveLeaveNothingBehind() {
    start();
    int count = many();
    for (int i = 0; i < count; i++) {
      Peer peer = ground().connect();
      peer.send(get("/wait/a"));
      if (i % 2 == 0) {
        ground().until(() -> probe.saw("started a"), "a handler to start");
      }
      peer.vanish();
      peer.close();
    }
    ground().until(() -> ground().calls() == 0, "all calls to end");
    ground().until(() -> ground().connections() == 0, "all connections to end");
    assertServes(connect());
  }

  /** As many as take seconds and no minutes: sockets and handshakes have their price. */
  private int many() {
    if (on.secure() || !on.isMemory()) {
      return on.secure() ? 200 : 500;
    }
    return on.protocol() == Protocol.HTTP_1 ? 10_000 : 2_000;
  }

  @Test
  void theAccessLogSays499AndNoStackTrace() {
    Peer peer = connect();
    peer.send(get("/log/wait/a"));
    awaitNote("started a");
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
    ground().until(() -> ground().calls() == 0, "the call to end");
    assertThat(logs.of("runnel.access"))
        .singleElement()
        .asString()
        .matches("GET /log/wait/a 499 0 \\d+\\.\\d{3} \\S+ CLIENT_GONE");
    assertThat(logs.take(event -> event.getThrowableProxy() != null)).isEmpty();
  }
}
