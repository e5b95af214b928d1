package dev.runnel.testing.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testing.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of the WebSocket tests takes what is right, and nothing else. */
class WsPeerTest {
  private static final String EXTENSION = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

  private final ScriptedServer server = new ScriptedServer();
  private final WsPeer peer = session("");

  private WsPeer session(String fields) {
    String head = "HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n";
    return new WsPeer(server, new Answer(101, head, "", List.of(), head.length()));
  }

  @Test
  void messagesWholeAndInFragments() {
    server.says("8105 48656c6c6f  8200  01034 8656c 8000 0200 0001aa 8001bb");
    assertThat(peer.message()).hasToString("text of 5 bytes");
    assertThat(peer.message().bytes()).isEmpty();
    WsMessage inTwo = peer.message();
    assertThat(inTwo.text()).isEqualTo("Hel");
    assertThat(inTwo.frames()).isEqualTo(2);
    assertThat(peer.message().bytes()).containsExactly(0xaa, 0xbb);
  }

  @Test
  void charactersMayBeCutBetweenFragments() {
    server.says("0101c3 8001bc");
    assertThat(peer.text()).isEqualTo("ü");
  }

  @Test
  void framesMayComeInPieces() {
    server.says("81");
    assertThatThrownBy(peer::message).hasMessageContaining("in vain");
    server.says("0548656c6c");
    assertThatThrownBy(peer::message).hasMessageContaining("in vain");
    server.says("6f");
    assertThat(peer.text()).isEqualTo("Hello");
  }

  @Test
  void longFrames() {
    server.says("827e0080" + "00".repeat(128) + "827f0000000000010001" + "00".repeat(65_537));
    assertThat(peer.message().bytes()).hasSize(128);
    assertThat(peer.message().bytes()).hasSize(65_537);
  }

  @Test
  void pingsAreAnsweredAndRemembered() {
    server.says("0101 61  8901 70  8a01 71 8001 62");
    assertThat(peer.text()).isEqualTo("ab");
    assertThat(peer.pings()).extracting(WsFrame::content).containsExactly("p");
    assertThat(peer.pongs()).extracting(WsFrame::content).containsExactly("q");
    assertThat(server.heard()).isEqualTo("8a8137fa213d47");
  }

  @Test
  void pingsAreNotAnsweredIfSaid() {
    server.says("8900 8a0161");
    assertThat(peer.withoutPongs().pong()).isEqualTo("a");
    assertThat(server.heard()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "8180 00000000,           a masked frame",
    "c100,                    reserved bits",
    "a100,                    reserved bits",
    "9100,                    reserved bits",
    "c900,                    reserved bits",
    "8300,                    the reserved opcode 3",
    "8700,                    the reserved opcode 7",
    "8b00,                    the reserved opcode 11",
    "8f00,                    the reserved opcode 15",
    "897e007e,                a control frame of 126 bytes",
    "0900,                    a fragmented control frame",
    "817e007d,                negative or not minimal",
    "817f000000000000ffff,    negative or not minimal",
    "817f8000000000000000,    negative or not minimal",
    "8000,                    out of order",
    "0100 8100,               out of order",
    "0100 0100,               out of order",
    "8101ff,                  not UTF-8",
    "8101c3,                  not UTF-8",
    "0101c3 800161,           not UTF-8",
    "880203e8 8100,           behind its Close",
    "880203e8 880203e8,       behind its Close",
    "880203e8 81,             behind its Close",
  })
  void whatAServerMustNotSend(String bytes, String complaint) {
    server.says(bytes);
    assertThatThrownBy(peer::message)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the server sent")
        .hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "880100",
        "88020000",
        "880203e7",
        "880203ec",
        "880203ed",
        "880203ee",
        "880203f7",
        "88020bb7",
        "88021388",
        "880303e8ff"
      })
  void whatACloseMustNotSay(String bytes) {
    server.says(bytes);
    assertThatThrownBy(peer::closing).hasMessageContaining("the server sent");
  }

  @Test
  void aCloseIsAnsweredOnce() {
    server.says("8a00 880503ea627965").ends();
    assertThat(peer.expectClose(1002)).isEqualTo("bye");
    assertThat(server.heard()).isEqualTo("888237fa213d3410");
  }

  @Test
  void aCloseOfOurOwnIsNotAnsweredAgain() {
    server.says("880203e8").ends();
    peer.close(1000);
    assertThat(server.heard()).isEqualTo("888237fa213d3412");
  }

  @Test
  void aCloseWithoutACode() {
    server.says("8800").ends();
    assertThat(peer.expectClose(WsClosing.NO_CODE)).isEmpty();
  }

  @Test
  void aCloseThatIsNotTheExpectedOne() {
    server.says("880203e8").ends();
    assertThatThrownBy(() -> peer.expectClose(1002)).hasMessageContaining("instead of 1002");
  }

  @Test
  void aMessageInFrontOfACloseIsNotPassedOver() {
    server.says("8100 880203e8").ends();
    assertThatThrownBy(() -> peer.expectClose(1000)).hasMessageContaining("instead of a Close");
  }

  @Test
  void anEndWithoutACloseIsNoClose() {
    server.ends();
    assertThatThrownBy(() -> peer.expectClose(1000)).hasMessageContaining("is over");
  }

  @Test
  void aCloseWithoutAnEndIsNoEnd() {
    server.says("880203e8");
    assertThatThrownBy(() -> peer.expectClose(1000)).hasMessageContaining("in vain");
  }

  @Test
  void anEndInTheMiddleOfAFrame() {
    server.says("8105 48").ends();
    assertThatThrownBy(peer::expectEnd).hasMessageContaining("in the middle of a frame");
  }

  @Test
  void compressedMessages() {
    WsPeer compressing = session(EXTENSION).deflating(new DeflatePeer(false, true));
    // RFC 7692 7.2.3.1 and 7.2.3.2: whole, in fragments, and with the window of the one before
    server.says("c107f248cdc9c9 0700").says("4103f24 8cd").says("8004c9c9 0700");
    server.says("c105f200110000").says("810161");
    for (int i = 0; i < 3; i++) {
      WsMessage message = compressing.message();
      assertThat(message.text()).isEqualTo("Hello");
      assertThat(message.compressed()).isTrue();
    }
    assertThat(compressing.message().compressed()).isFalse();
    compressing.sendCompressed(WsFrame.text("Hello").unmasked());
    assertThat(server.heard()).isEqualTo("c107f248cdc9c90700");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0100 c000", "c900", "c101ff", "e100", "c108f348cdc9c9070000"})
  void whatCompressionForbids(String bytes) {
    WsPeer compressing = session(EXTENSION).deflating(new DeflatePeer(false, false));
    server.says(bytes);
    assertThatThrownBy(compressing::message).hasMessageContaining("the server sent");
  }

  @Test
  void noExtensionNoCompression() {
    assertThatThrownBy(() -> peer.deflating(new DeflatePeer(false, false)))
        .hasMessageContaining("no extension");
  }
}
