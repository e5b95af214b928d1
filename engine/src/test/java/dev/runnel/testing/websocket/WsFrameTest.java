package dev.runnel.testing.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of RFC 6455 5.7, and those that it forbids. */
class WsFrameTest {
  private static String hex(WsFrame frame) {
    return HexFormat.of().formatHex(frame.encode());
  }

  private static String head(WsFrame frame, int bytes) {
    return hex(frame).substring(0, 2 * bytes);
  }

  @Test
  void theExamplesOfTheStandard() {
    assertThat(hex(WsFrame.text("Hello"))).isEqualTo("818537fa213d7f9f4d5158");
    assertThat(hex(WsFrame.text("Hello").unmasked())).isEqualTo("810548656c6c6f");
    assertThat(hex(WsFrame.text("Hel").notLast().unmasked())).isEqualTo("010348656c");
    assertThat(hex(WsFrame.continuation("lo").unmasked())).isEqualTo("80026c6f");
    assertThat(hex(WsFrame.ping("Hello").unmasked())).isEqualTo("890548656c6c6f");
    assertThat(hex(WsFrame.pong("Hello"))).isEqualTo("8a8537fa213d7f9f4d5158");
    assertThat(head(WsFrame.binary(new byte[256]).unmasked(), 4)).isEqualTo("827e0100");
    assertThat(head(WsFrame.binary(new byte[65_536]).unmasked(), 10))
        .isEqualTo("827f0000000000010000");
  }

  @Test
  void lengthsOnTheirBounds() {
    assertThat(head(WsFrame.binary(new byte[125]), 2)).isEqualTo("82fd");
    assertThat(head(WsFrame.binary(new byte[126]), 4)).isEqualTo("82fe007e");
    assertThat(head(WsFrame.binary(new byte[65_535]), 4)).isEqualTo("82feffff");
  }

  @Test
  void whatIsWrongOnPurpose() {
    WsFrame one = WsFrame.text("x").unmasked();
    assertThat(hex(one.length(WsFrame.LengthForm.TWO_BYTES))).isEqualTo("817e000178");
    assertThat(hex(one.length(WsFrame.LengthForm.EIGHT_BYTES))).isEqualTo("817f000000000000000178");
    assertThat(hex(one.declares(-1))).isEqualTo("817fffffffffffffffff78");
    assertThat(hex(one.declares(5))).isEqualTo("810578");
    assertThat(hex(one.rsv(7))).isEqualTo("f10178");
    assertThat(hex(one.masked((byte) 1, (byte) 2, (byte) 3, (byte) 4))).isEqualTo("81810102030479");
    assertThat(hex(WsFrame.of(15, new byte[0]).notLast())).isEqualTo("0f8037fa213d");
  }

  @Test
  void closes() {
    assertThat(hex(WsFrame.close().unmasked())).isEqualTo("8800");
    assertThat(hex(WsFrame.close(1000).unmasked())).isEqualTo("880203e8");
    assertThat(hex(WsFrame.close(1001, "bye").unmasked())).isEqualTo("880503e9627965");
    assertThat(hex(WsFrame.close(65_535).unmasked())).isEqualTo("8802ffff");
  }
}
