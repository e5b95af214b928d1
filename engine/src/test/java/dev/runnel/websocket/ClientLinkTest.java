package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.io.Bytes;
import dev.runnel.testing.websocket.ClientFrame;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.transport.ClientException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's end of a session: frames, and what is wrong with them. */
class ClientLinkTest {
  private static final byte[] KEY = {1, 2, 3, 4};

  private final ClientEnd end = new ClientEnd();

  // --- sending ---

  @Test
  void whatItSendsIsMaskedAndTheMessageStaysAsItIs() {
    Bytes payload = Bytes.utf8("Hello");
    assertThat(end.link.offer(Message.utf8(payload))).isTrue();
    ClientFrame frame = end.peer.heard().get(0);
    assertThat(frame.frame().content()).isEqualTo("Hello");
    assertThat(frame.frame().isLast()).isTrue();
    assertThat(payload.utf8()).isEqualTo("Hello");
  }

  @Test
  void eachPartOfAMessageHasAKeyOfItsOwn() {
    OutgoingParts parts = end.link.parts(true, new Ignored());
    end.link.queue().send(parts);
    assertThat(parts.part(Bytes.utf8("Hel"))).isTrue();
    assertThat(parts.part(Bytes.utf8("lo"))).isTrue();
    parts.end();
    List<ClientFrame> frames = end.peer.heard();
    assertThat(frames).extracting(f -> f.frame().content()).containsExactly("Hel", "lo", "");
    assertThat(frames).extracting(f -> f.frame().opcode()).containsExactly(1, 0, 0);
    assertThat(frames).extracting(f -> f.frame().isLast()).containsExactly(false, false, true);
    assertThat(frames).extracting(ClientFrame::key).doesNotHaveDuplicates();
  }

  @Test
  void whatManyShareIsSentInACopyOfItsOwn() {
    Bytes shared = Frames.of(Message.text("to all"));
    byte[] before = shared.toByteArray();
    assertThat(end.link.queue().offer(end.link.own(shared))).isTrue();
    assertThat(end.peer.heardOne().content()).isEqualTo("to all");
    assertThat(shared.toByteArray()).isEqualTo(before);
  }

  @Test
  void aServerSendsWhatManyShareAsItIs() {
    Bytes shared = Frames.of(Message.text("to all"));
    ClientEnd server = new ClientEnd(Role.SERVER, FrameOptions.DEFAULT, null);
    assertThat(server.link.own(shared)).isSameAs(shared);
  }

  @Test
  void messagesWaitForASlowServerInOrderAndThenForNoLongerThanPatience() {
    end.peer.room(false);
    int[] first = end.send(Message.text("a"));
    int[] second = end.send(Message.text("b"));
    assertThat(end.peer.heardOne().content()).isEqualTo("a");
    end.peer.room(true);
    assertThat(end.peer.heardOne().content()).isEqualTo("b");
    assertThat(first).containsExactly(1, 0);
    assertThat(second).containsExactly(1, 0);
    end.peer.room(false);
    int[] fills = end.send(Message.text("c"));
    int[] waits = end.send(Message.text("d"));
    end.loop.advance(Duration.ofSeconds(29));
    assertThat(end.closed).isEmpty();
    end.loop.advance(Duration.ofSeconds(1));
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(1008);
    assertThat(fills[1] + waits[1]).isEqualTo(2);
    end.loop.advance(Duration.ofSeconds(2));
    assertThat(end.peer.isReset()).isTrue();
    assertThat(end.over).isTrue();
  }

  // --- receiving ---

  @Test
  void whatAServerSendsIsReadInEverySplit() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(WsFrame.text("Grüße").unmasked().encode());
    all.writeBytes(WsFrame.text("a").notLast().unmasked().encode());
    all.writeBytes(WsFrame.ping("p").unmasked().encode());
    all.writeBytes(WsFrame.continuation("b").unmasked().encode());
    all.writeBytes(WsFrame.binary(new byte[130]).unmasked().encode());
    byte[] wire = all.toByteArray();
    for (int split = 1; split < wire.length; split++) {
      ClientEnd each = new ClientEnd().taking();
      each.says(Arrays.copyOf(wire, split));
      each.says(Arrays.copyOfRange(wire, split, wire.length));
      assertThat(each.received)
          .as("split at %d", split)
          .containsExactly(
              Message.text("Grüße"), Message.text("ab"), Message.binary(new byte[130]));
      assertThat(each.peer.heardOne().content()).isEqualTo("p");
    }
  }

  /** The mask is turned as a payload goes on in the next piece. */
  @Test
  void aServerTakesTheMaskOffInEverySplit() {
    assertThat(end.link.offer(Message.text("Grüße aus 64 Bits und mehr"))).isTrue();
    assertThat(end.link.offer(Message.binary(bytes(131)))).isTrue();
    byte[] wire = end.peer.written();
    for (int split = 1; split < wire.length; split++) {
      ClientEnd server = new ClientEnd(Role.SERVER, FrameOptions.DEFAULT, null).taking();
      server.says(Arrays.copyOf(wire, split));
      server.says(Arrays.copyOfRange(wire, split, wire.length));
      assertThat(server.received)
          .as("split at %d", split)
          .containsExactly(Message.text("Grüße aus 64 Bits und mehr"), Message.binary(bytes(131)));
    }
  }

  @Test
  void messagesOfAllLengthsGoBothWaysInRandomPieces() {
    Random random = new Random(10_3);
    for (int round = 0; round < 300; round++) {
      byte[] content = new byte[lengthOf(random)];
      random.nextBytes(content);
      ClientEnd client = new ClientEnd();
      ClientEnd server = new ClientEnd(Role.SERVER, FrameOptions.DEFAULT, null).taking();
      client.taking();
      assertThat(client.link.offer(Message.binary(content))).isTrue();
      pass(client, server, random);
      assertThat(server.received).containsExactly(Message.binary(content));
      assertThat(server.link.offer(server.received.get(0))).isTrue();
      pass(server, client, random);
      assertThat(client.received).containsExactly(Message.binary(content));
    }
  }

  private static int lengthOf(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(10);
      case 1 -> 120 + random.nextInt(12);
      case 2 -> 65_530 + random.nextInt(12);
      default -> random.nextInt(5_000);
    };
  }

  private static void pass(ClientEnd from, ClientEnd to, Random random) {
    byte[] wire = from.peer.written();
    int until;
    for (int at = 0; at < wire.length; at = until) {
      until = Math.min(wire.length, at + 1 + random.nextInt(wire.length));
      to.says(Arrays.copyOfRange(wire, at, until));
    }
  }

  // --- what a server must not send ---

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 9, 10, 0})
  void aMaskedFrameIsRefused(int opcode) {
    end.taking().says(WsFrame.of(opcode, new byte[0]).masked(KEY).encode());
    assertThat(end.closeCode()).isEqualTo(1002);
    assertThat(end.received).isEmpty();
    assertThat(end.closed)
        .containsExactly(new CloseReason(1002, "a frame of a server must not be masked"));
    assertThat(end.link.isEnded()).isTrue();
  }

  @Test
  void aMaskedFrameIsRefusedAsSoonAsTheBitIsSeen() {
    end.taking().says(new byte[] {(byte) 0x81});
    assertThat(end.peer.heard()).isEmpty();
    end.says(new byte[] {(byte) 0x85});
    assertThat(end.closeCode()).isEqualTo(1002);
  }

  @ParameterizedTest
  @CsvSource({
    "c100,                          1002",
    "a100,                          1002",
    "9100,                          1002",
    "8300,                          1002",
    "8700,                          1002",
    "8b00,                          1002",
    "8f00,                          1002",
    "0900,                          1002",
    "897e007e,                      1002",
    "8801ff,                        1002",
    "880203e7,                      1002",
    "880203ed,                      1002",
    "880303e8ff,                    1007",
    "8000,                          1002",
    "0100 8100,                     1002",
    "817e007d,                      1002",
    "817f000000000000ffff,          1002",
    "817f8000000000000000,          1002",
    "8101ff,                        1007",
    "0101c3 800161,                 1007",
    "8101c3,                        1007",
    "827f0000000000100001,          1009",
    "827f7fffffffffffffff,          1009",
  })
  void whatAServerMustNotSend(String hex, int code) {
    end.taking().says(HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThat(end.closeCode()).isEqualTo(code);
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(code);
    assertThat(end.received).isEmpty();
  }

  /** Whatever comes, at most one Close goes, and nothing behind it; pongs before it. */
  @Test
  void garbageEndsInAtMostOneClose() {
    Random random = new Random(5_1);
    for (int round = 0; round < 3_000; round++) {
      ClientEnd each = new ClientEnd(FrameOptions.DEFAULT.withMaxMessage(500)).taking();
      byte[] garbage = new byte[1 + random.nextInt(60)];
      random.nextBytes(garbage);
      if (random.nextBoolean()) {
        garbage[0] = (byte) (0x80 | random.nextInt(11));
        garbage[Math.min(1, garbage.length - 1)] &= 0x7f;
      }
      each.says(garbage);
      each.peer.ends();
      each.loop.advance(Duration.ofSeconds(8));
      assertThat(each.over).as(HexFormat.of().formatHex(garbage)).isTrue();
      assertThat(each.closed).hasSize(1);
      assertThat(each.peer.polls()).isLessThan(20);
      List<ClientFrame> sent = each.peer.heard();
      for (int i = 0; i < sent.size(); i++) {
        int opcode = sent.get(i).frame().opcode();
        assertThat(opcode).isIn(Frames.PONG, Frames.CLOSE);
        assertThat(opcode == Frames.CLOSE).isIn(i == sent.size() - 1, false);
      }
    }
  }

  // --- the server vanishes ---

  @Test
  void anEndWithoutACloseIsAVanishedServer() {
    end.taking().peer.ends();
    assertThat(end.life.cancelled()).isEqualTo(CancelCause.SERVER_GONE);
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(1006);
    assertThat(end.peer.isReset()).isTrue();
    assertThat(end.over).isTrue();
    assertThat(end.link.loss()).isNull();
    assertThat(end.loop.timers()).isZero();
    assertThatThrownBy(() -> end.link.offer(Message.text("late"))).isInstanceOf(WsClosed.class);
  }

  @Test
  void aBrokenConnectionSaysWhatItBrokeOf() {
    ClientException broken =
        new ClientException(ClientException.Reason.STREAM_RESET, "reset by the server");
    end.taking().peer.breaks(broken);
    assertThat(end.link.loss()).isSameAs(broken);
    assertThat(end.life.cancelled()).isEqualTo(CancelCause.SERVER_GONE);
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(1006);
  }

  /** A session that reads nothing hears of it when it reads on. */
  @Test
  void aLossThatNobodyReadsIsSeenLater() {
    ClientEnd full = new ClientEnd(FrameOptions.DEFAULT.withReadAhead(4));
    full.says(WsFrame.text("12345678"));
    full.peer.breaks(new CallCancelledException(CancelCause.SERVER_GONE));
    assertThat(full.closed).isEmpty();
    full.taking();
    full.loop.run();
    assertThat(full.texts()).containsExactly("12345678");
    assertThat(full.closed).extracting(CloseReason::code).containsExactly(1006);
    assertThat(full.over).isTrue();
  }

  @Test
  void aPingThatCannotBeWrittenIsALoss() {
    ClientEnd full =
        new ClientEnd(FrameOptions.DEFAULT.withReadAhead(4).withPatience(Duration.ZERO));
    full.says(WsFrame.text("12").notLast());
    full.peer.breaksWriting(new CallCancelledException(CancelCause.SERVER_GONE));
    full.loop.advance(Duration.ofSeconds(20));
    assertThat(full.closed).extracting(CloseReason::code).containsExactly(1006);
    assertThat(full.over).isTrue();
  }

  @Test
  void aSilentServerIsAskedAndThenGivenUp() {
    end.taking();
    end.loop.advance(Duration.ofSeconds(20));
    assertThat(end.peer.heardOne().opcode()).isEqualTo(Frames.PING);
    end.loop.advance(Duration.ofMillis(19_999));
    assertThat(end.closed).isEmpty();
    end.loop.advance(Duration.ofMillis(1));
    assertThat(end.life.cancelled()).isEqualTo(CancelCause.SERVER_GONE);
    assertThat(end.closed).extracting(CloseReason::code).containsExactly(1006);
    assertThat(end.peer.isReset()).isTrue();
  }

  @Test
  void anythingIsASignOfLife() {
    end.taking();
    end.loop.advance(Duration.ofSeconds(20));
    for (int i = 0; i < 10; i++) {
      assertThat(end.peer.heardOne().opcode()).isEqualTo(Frames.PING);
      end.loop.advance(Duration.ofSeconds(19));
      end.says(i % 2 == 0 ? WsFrame.pong("") : WsFrame.text("x"));
      end.loop.advance(Duration.ofSeconds(20));
    }
    assertThat(end.link.isOpen()).isTrue();
  }

  /** Nobody reads, so nobody was told before. */
  @Test
  void aWriteThatIsNotPossibleReachesTheSender() {
    ClientEnd full = new ClientEnd(FrameOptions.DEFAULT.withReadAhead(4));
    full.says(WsFrame.text("12345678"));
    ClientException broken =
        new ClientException(ClientException.Reason.CONNECTION_LOST, "reset by peer");
    full.peer.breaks(broken);
    assertThatThrownBy(() -> full.link.offer(Message.text("x"))).isSameAs(broken);
  }

  // --- pings of the server ---

  @Test
  void pingsAreAnsweredUnderAMask() {
    end.taking().says(WsFrame.ping("are you there"));
    WsFrame pong = end.peer.heardOne();
    assertThat(pong.opcode()).isEqualTo(Frames.PONG);
    assertThat(pong.content()).isEqualTo("are you there");
  }

  @Test
  void ofSeveralPingsThatWaitTheLatestIsAnswered() {
    end.taking();
    end.peer.room(false);
    assertThat(end.link.offer(Message.text("fills"))).isTrue();
    end.says(WsFrame.ping("1"), WsFrame.ping("2"), WsFrame.ping("3"));
    assertThat(end.peer.heardOne().content()).isEqualTo("fills");
    end.peer.room(true);
    assertThat(end.peer.heardOne().content()).isEqualTo("3");
  }

  @Test
  void tooManyPingsAreNotPutUpWith() {
    end.taking();
    for (int i = 0; i < 10; i++) {
      end.says(WsFrame.ping("p"));
    }
    assertThat(end.peer.heard()).hasSize(10);
    end.loop.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 10; i++) {
      end.says(WsFrame.ping("p"));
    }
    assertThat(end.peer.heard()).hasSize(10);
    end.says(WsFrame.ping("p"));
    assertThat(end.closeCode()).isEqualTo(1008);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static final class Ignored implements Sent {
    @Override
    public void room() {}

    @Override
    public void failed(Throwable error) {
      throw new AssertionError("not sent", error);
    }
  }
}
