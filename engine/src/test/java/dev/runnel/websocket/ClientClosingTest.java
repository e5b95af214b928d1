package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CancelCause;
import dev.runnel.io.Bytes;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.transport.ClientException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who says Close, and who closes the connection: the server, or else the client after a while. */
class ClientClosingTest {
  private static final CloseReason BYE = new CloseReason(1000, "bye");

  private final ClientEnd end = new ClientEnd().taking();

  @Test
  void weFirst() {
    end.link.close(BYE);
    assertThat(ClientEnd.reason(end.peer.heardOne())).isEqualTo(BYE);
    assertThat(end.closed).as("before the answer").isEmpty();
    end.says(WsFrame.close(1000));
    assertThat(end.closed).containsExactly(CloseReason.of(1000));
    assertOpen();
    end.peer.ends();
    assertOver();
    assertThat(end.life.cancelled()).isNull();
  }

  @Test
  void theyFirst() {
    end.says(WsFrame.text("last"), WsFrame.close(3000, "enough"));
    assertThat(end.closeCode()).isEqualTo(3000);
    assertThat(end.texts()).containsExactly("last");
    assertThat(end.closed).containsExactly(new CloseReason(3000, "enough"));
    assertOpen();
    end.peer.ends();
    assertOver();
    assertThat(end.peer.heard()).isEmpty();
  }

  @Test
  void theyFirstWithoutACode() {
    end.says(WsFrame.close());
    assertThat(end.peer.heardOne().payload()).isEmpty();
    assertThat(end.closed).containsExactly(CloseReason.of(CloseReason.NO_STATUS));
  }

  @Test
  void bothAtOnce() {
    end.link.close(BYE);
    end.says(WsFrame.close(1001));
    assertThat(ClientEnd.reason(end.peer.heardOne())).isEqualTo(BYE);
    assertThat(end.closed).containsExactly(CloseReason.of(1001));
    end.peer.ends();
    assertOver();
    assertThat(end.peer.heard()).isEmpty();
  }

  @Test
  void theConnectionIsTheServersToCloseButNotForEver() {
    end.link.close(BYE);
    end.says(WsFrame.close(1000));
    end.loop.advance(Duration.ofMillis(1_999));
    assertOpen();
    end.loop.advance(Duration.ofMillis(1));
    assertOver();
  }

  @Test
  void aServerThatDoesNotAnswerOurClose() {
    end.link.close(BYE);
    end.loop.advance(Duration.ofMillis(4_999));
    assertThat(end.closed).isEmpty();
    end.loop.advance(Duration.ofMillis(1));
    assertThat(end.closed).containsExactly(BYE);
    end.loop.advance(Duration.ofSeconds(2));
    assertOver();
  }

  @Test
  void aServerThatGoesInsteadOfAnswering() {
    end.link.close(BYE);
    end.peer.ends();
    assertThat(end.closed).hasSize(1);
    assertThat(end.life.cancelled()).as("it was over for us").isNull();
    assertThat(end.peer.isReset()).isTrue();
    assertThat(end.over).isTrue();
  }

  @Test
  void whatCameBeforeTheAnswerIsReceived() {
    end.link.close(BYE);
    end.says(WsFrame.text("on its way"), WsFrame.close(1000));
    assertThat(end.texts()).containsExactly("on its way");
  }

  @Test
  void whatComesBehindTheCloseIsDropped() {
    end.says(WsFrame.close(1000), WsFrame.text("late"), WsFrame.ping("late"), WsFrame.close(1001));
    assertThat(end.closeCode()).isEqualTo(1000);
    end.says(new byte[100_000]);
    assertThat(end.texts()).isEmpty();
    assertThat(end.peer.heard()).isEmpty();
    end.peer.ends();
    assertOver();
  }

  @Test
  void nothingIsSentBehindOurClose() {
    end.link.close(BYE);
    assertThat(end.peer.heard()).hasSize(1);
    end.says(WsFrame.ping("late"));
    end.link.close(CloseReason.of(1001));
    end.link.fail(CloseReason.of(1008));
    assertThatThrownBy(() -> end.link.offer(Message.text("late"))).isInstanceOf(WsClosed.class);
    assertThat(end.peer.heard()).isEmpty();
  }

  @Test
  void aBrokenRuleIsToldAndTheConnectionIsResetIfTheServerLeavesItOpen() {
    end.says(new byte[] {(byte) 0xff, 0});
    assertThat(end.closeCode()).isEqualTo(1002);
    assertOpen();
    end.loop.advance(Duration.ofSeconds(2));
    assertThat(end.peer.isReset()).isTrue();
    assertThat(end.over).isTrue();
  }

  @Test
  void aStopOfTheClientIsAGoingAway() {
    end.life.stop();
    assertThat(end.closeCode()).isEqualTo(CloseReason.GOING_AWAY);
    end.says(WsFrame.close(1001));
    end.peer.ends();
    assertOver();
  }

  @Test
  void aSessionThatBeginsInAStop() {
    ClientEnd late = new ClientEnd();
    late.life.stop();
    assertThat(late.closeCode()).isEqualTo(CloseReason.GOING_AWAY);
  }

  @Test
  void aCancelledLifeDropsTheConnection() {
    end.life.cancel(CancelCause.TIMEOUT);
    assertThat(end.peer.isReset()).isTrue();
    assertThat(end.peer.heard()).isEmpty();
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(1006);
    assertThat(end.life.cancelled()).isEqualTo(CancelCause.TIMEOUT);
    assertThat(end.over).isTrue();
  }

  @Test
  void aDroppedSessionSaysNothing() {
    int[] sent = waiting();
    end.link.drop();
    assertThat(end.peer.isReset()).isTrue();
    assertThat(end.peer.heard()).hasSize(1); // what filled the connection
    assertThat(sent).containsExactly(0, 1);
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(1006);
    assertThat(end.over).isTrue();
    assertThat(end.loop.timers()).isZero();
    end.link.drop();
    assertThat(end.closed).hasSize(1);
  }

  private int[] waiting() {
    end.peer.room(false);
    assertThat(end.link.offer(Message.text("fills"))).isTrue();
    return end.send(Message.text("waits"));
  }

  @Test
  void aCloseThatCannotBeWritten() {
    end.peer.breaks(new ClientException(ClientException.Reason.CONNECTION_LOST, "gone"));
    end.link.close(BYE);
    assertThat(end.closed).hasSize(1);
    assertThat(end.over).isTrue();
    assertThat(end.peer.isReset()).isTrue();
  }

  @Test
  void theServerClosesItsHalfFirst() {
    ClientEnd server = new ClientEnd(Role.SERVER, FrameOptions.DEFAULT, null).taking();
    server.says(Frames.masked(Frames.FIN | Frames.CLOSE, Bytes.EMPTY, 7).toByteArray());
    assertThat(server.peer.isOutputEnded()).isTrue();
    assertThat(server.peer.isClosed()).isFalse();
  }

  @Test
  void noCodeThatCannotBeSent() {
    assertThatThrownBy(() -> end.link.close(CloseReason.of(1006)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(end.link.isOpen()).isTrue();
  }

  private void assertOpen() {
    assertThat(end.peer.isOutputEnded()).as("our half is closed").isFalse();
    assertThat(end.peer.isClosed()).as("the connection is closed").isFalse();
    assertThat(end.over).isFalse();
  }

  private void assertOver() {
    assertThat(end.peer.isClosed()).isTrue();
    assertThat(end.peer.isReset()).isFalse();
    assertThat(end.over).isTrue();
    assertThat(end.loop.timers()).isZero();
  }
}
