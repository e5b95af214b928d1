package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.ClientFixture.bytes;
import static dev.runnel.engine.internal.h1.ClientFixture.get;
import static dev.runnel.engine.internal.h1.ClientFixture.head;
import static dev.runnel.engine.internal.h1.ClientFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.http.Method;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that become something else: 101, and 2xx to CONNECT. */
class Http1ClientUpgradeTest {
  private static final String SWITCHED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: Echo\r\n\r\n";

  private static CallHead upgrade() {
    return get("Connection", "Upgrade", "Upgrade", "other, echo");
  }

  private static CallHead tunnel() {
    return head(Method.CONNECT, "b:443", 0);
  }

  @Test
  void whatComesBehind101IsTheNewProtocols() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(upgrade(), log);
      f.wire.send(SWITCHED + "left over");
      assertThat(log.told()).isEqualTo("[upgraded 101]");
      assertThat(f.client.isUsable()).isFalse();
      assertThat(f.kept()).isEqualTo("[changed false]");
      assertThat(log.raw().input().poll()).isEqualTo(bytes("left over"));
      assertThat(log.raw().input().poll()).isNull();
      f.wire.take();
      log.raw().output().write(bytes("to you"));
      f.wire.run();
      assertThat(f.wire.take()).isEqualTo("to you");
      boolean[] woken = new boolean[1];
      log.raw().input().onReady(() -> woken[0] = true);
      f.wire.send("to me");
      assertThat(woken[0]).isTrue();
      assertThat(log.raw().input().poll()).isEqualTo(bytes("to me"));
      log.raw().close();
      f.wire.run();
      assertThat(log.told()).isEqualTo("[upgraded 101, ended]");
      f.assertGone();
    }
  }

  @Test
  void aTunnelIsWhat2xxToConnectGives() {
    for (String answer :
        new String[] {
          "HTTP/1.1 200 Connection established\r\n\r\n",
          "HTTP/1.1 204 \r\n\r\n",
          "HTTP/1.0 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        }) {
      try (ClientFixture f = new ClientFixture()) {
        CallLog log = CallLog.reading();
        f.begin(tunnel(), log);
        f.wire.send(answer + "abc");
        assertThat(log.told()).startsWith("[upgraded 20");
        assertThat(log.raw().input().poll()).isEqualTo(bytes("abc"));
        f.wire.closeServer();
        assertThat(log.told()).endsWith(", ended]");
        f.assertGone();
      }
    }
  }

  @Test
  void aTunnelThatIsRefusedIsAnOrdinaryAnswer() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(tunnel(), log);
      f.wire.send("HTTP/1.1 407 \r\nContent-Length: 2\r\n\r\nno");
      assertThat(log.told()).isEqualTo("[head 407, body no, ended]");
      f.assertReusable();
    }
  }

  @Test
  void anUpgradeThatIsRefusedIsAnOrdinaryAnswer() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(upgrade(), log);
      f.wire.send(ClientFixture.OK);
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      f.assertReusable();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: never\r\n\r\n",
        "HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: echo, never\r\n\r\n",
        "HTTP/1.1 101 \r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 101 \r\nUpgrade: echo\r\n\r\n",
        "HTTP/1.0 101 \r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n",
        "HTTP/1.1 101 \r\n\r\n"
      })
  void nothingIsSwitchedToThatWasNotAskedFor(String answer) {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(upgrade(), log);
      f.wire.send(answer);
      assertThat(log.told()).isEqualTo("[failed MALFORMED_RESPONSE, ended]");
      f.assertGone();
    }
  }

  @Test
  void nothingIsSwitchedWithoutAskingNorBeforeTheRequestIsWhole() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send(SWITCHED);
      assertThat(log.error()).hasMessageContaining("no other protocol was asked for");
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(post(3, "Connection", "upgrade", "Upgrade", "echo"), log);
      f.wire.send(SWITCHED);
      assertThat(log.error()).hasMessageContaining("before the request was whole");
      f.assertGone();
    }
  }

  @Test
  void bytesThatTheServerLeftBehindAreReadBehindTheEnd() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(upgrade(), log);
      f.wire.send(SWITCHED + "last words");
      f.wire.closeServer();
      assertThat(log.told()).isEqualTo("[upgraded 101, ended]");
      assertThat(log.raw().input().poll()).isEqualTo(bytes("last words"));
      assertThat(log.raw().input().poll()).isNull();
      assertThat(log.raw().input().ended()).isTrue();
      f.assertGone();
    }
  }

  @Test
  void aConnectionThatIsCancelledOrResetEndsItsTaker() {
    for (boolean cancelled : new boolean[] {true, false}) {
      try (ClientFixture f = new ClientFixture()) {
        CallLog log = CallLog.reading();
        ClientCall call = f.begin(upgrade(), log);
        f.wire.send(SWITCHED);
        if (cancelled) {
          call.cancel(new ClientException(Reason.CANCELLED, "not wanted"));
        } else {
          f.wire.reset();
        }
        f.wire.run();
        assertThat(log.told()).isEqualTo("[upgraded 101, ended]");
        assertThatThrownBy(() -> log.raw().input().poll())
            .isInstanceOf(CallCancelledException.class);
        f.assertGone();
      }
    }
  }
}
