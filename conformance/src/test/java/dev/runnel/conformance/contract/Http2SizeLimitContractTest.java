package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 4: what is too large is refused, and the connection goes on. */
@OnHttp2
class Http2SizeLimitContractTest extends Contract {
  private static final int LINE = 8 << 10;
  private static final int LIST = 16 << 10;

  private void assertRefused(Peer peer, int status) {
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertServes(peer);
  }

  @Test
  void aPathOf8KibibytesIsTakenAndALongerOneIs414() {
    Peer peer = connect();
    assertThat(peer.send(get("/" + "a".repeat(LINE - 1))).answer().status()).isEqualTo(404);
    peer.send(get("/" + "a".repeat(LINE)));
    assertRefused(peer, 414);
  }

  @Test
  void aHeaderListAboveItsLimitIs431() {
    Peer peer = connect();
    String most = "X: " + "v".repeat(LIST - 250) + "\r\n"; // 32 more count for each field
    assertThat(peer.send(get("/text", most)).answer().body()).isEqualTo("hi");
    peer.send(get("/text", "X: " + "v".repeat(LIST) + "\r\n"));
    assertRefused(peer, 431);
  }

  @Test
  void manySmallFieldsThatAreTooLargeTogetherAre431() {
    Peer peer = connect();
    peer.send(get("/text", ("X: " + "v".repeat(995) + "\r\n").repeat(17)));
    assertRefused(peer, 431);
  }

  @Test
  void aHundredFieldsAreTakenAndMoreAre431() {
    Peer peer = connect();
    assertThat(peer.send(get("/text", "X: 1\r\n".repeat(99))).answer().body()).isEqualTo("hi");
    peer.send(get("/text", "X: 1\r\n".repeat(101)));
    assertRefused(peer, 431);
  }

  @Test
  void limitsAreConfigurable() {
    start(options -> options.limits(Limits.DEFAULT.withRequestLine(64).withHeaders(1024, 3)));
    Peer peer = connect();
    peer.send(get("/" + "a".repeat(64)));
    assertRefused(peer, 414);
    peer.send(get("/text", "X: " + "v".repeat(1024) + "\r\n"));
    assertRefused(peer, 431);
    peer.send(get("/text", "X: 1\r\n".repeat(4)));
    assertRefused(peer, 431);
    assertThat(peer.send(get("/text", "X: 1\r\n".repeat(2))).answer().body()).isEqualTo("hi");
  }

  @Test
  void aRefusalTouchesNoOtherCall() {
    Peer peer = connect();
    peer.send(get("/wait/a") + get("/" + "a".repeat(LINE)) + get("/text"));
    awaitNote("started a");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().status()).isEqualTo(414);
    assertThat(peer.answer().body()).isEqualTo("hi");
  }
}
