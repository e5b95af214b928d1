package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloseReasonTest {
  @Test
  void theCodesThatMayBeSentAreThoseThatMayBeReceived() {
    int[] sendable = IntStream.rangeClosed(0, 70_000).filter(CloseReason::isOnTheWire).toArray();
    assertThat(sendable)
        .containsExactly(
            IntStream.concat(
                    IntStream.of(
                        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014),
                    IntStream.rangeClosed(3000, 4999))
                .toArray());
    assertThatThrownBy(() -> CloseReason.of(1006).requireSendable())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1006");
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    assertThat(reason("x".repeat(123))).hasSize(123);
    assertThat(reason("x".repeat(124))).hasSize(123);
    assertThat(reason("é".repeat(62))).isEqualTo("é".repeat(61));
    assertThat(reason("😀".repeat(31))).isEqualTo("😀".repeat(30));
  }

  private static String reason(String given) {
    byte[] payload = new CloseReason(1000, given).payload().toByteArray();
    assertThat(payload.length).isLessThanOrEqualTo(125);
    return CloseReason.parse(payload, payload.length).reason();
  }

  @Test
  void noCodeIsNoPayload() {
    assertThat(CloseReason.of(1005).payload().isEmpty()).isTrue();
    assertThat(CloseReason.parse(new byte[0], 0).code()).isEqualTo(1005);
  }
}
