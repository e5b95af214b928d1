package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void itEndsWithTheLongestIfThatIsNear() {
    Scale scale = Scale.of(2, 2, 9);

    assertThat(scale.end()).isEqualTo(9);
    assertThat(scale.isCut()).isFalse();
    assertThat(scale.cuts(9)).isFalse();
    assertThat(scale.part(4.5)).isEqualTo(0.5);
    assertThat(scale.ticks()).containsExactly(1.0, 2.0, 3.0, 4.0);
  }

  @Test
  void theLongestIsOnTheScaleItself() {
    assertThat(3 * 1.1).as("in floating point").isGreaterThan(3.3);
    assertThat(Scale.of(1.1, 1.1, 3.3).ticks()).containsExactly(1.0, 2.0, 3.0);
    assertThat(Scale.of(1.1, 1.1, 5.5).isCut()).isFalse();
  }

  @Test
  void itEndsAtFiveTimesTheLeastIfSomethingGoesOn() {
    Scale scale = Scale.of(2, 2, 9, 600);

    assertThat(scale.end()).isEqualTo(10);
    assertThat(scale.isCut()).isTrue();
    assertThat(scale.cuts(600)).isTrue();
    assertThat(scale.cuts(9)).isFalse();
    assertThat(scale.part(600)).isEqualTo(1);
    assertThat(scale.ticks()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
  }

  @Test
  void whatIsNothingHasNoMultiples() {
    Scale scale = Scale.of(0, 0, 7);

    assertThat(scale.end()).isEqualTo(7);
    assertThat(scale.ticks()).isEmpty();
    assertThat(Scale.of(0, 0, 0).part(0)).isZero();
    assertThat(Scale.of(0).part(0)).isZero();
  }
}
