package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchRoomTest {
  private final BatchRoom room = new BatchRoom();

  @Test
  void beginsSmall() {
    assertThat(room.bytes()).isEqualTo(512);
  }

  @Test
  void aLargeBatchCountsAtOnce() {
    room.took(2_080);
    assertThat(room.bytes()).isBetween(2_080, 4_096);
  }

  @Test
  void batchesOfOneSizeKeepTheirRoom() {
    room.took(2_080);
    for (int i = 0; i < 1_000; i++) {
      room.took(2_080);
      assertThat(room.bytes()).isBetween(2_080, 4_096);
    }
  }

  @Test
  void smallOnesTakeItBackByAndBy() {
    room.took(10_000);
    room.took(100);
    assertThat(room.bytes()).isGreaterThan(8_000);
    for (int i = 0; i < 100; i++) {
      room.took(100);
    }
    assertThat(room.bytes()).isLessThan(600);
  }

  @Test
  void oneThatIsEnormousIsNotTheMeasure() {
    room.took(Integer.MAX_VALUE);
    assertThat(room.bytes()).isEqualTo(16 << 10);
  }
}
