package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The options of compression. */
class DeflateTest {
  @Test
  void theDefaultHoldsNothingForIdleSessions() {
    assertThat(Deflate.DEFAULT).isEqualTo(new Deflate(true, false, false, 15, 15, 1, 1024));
    assertThat(Deflate.OFF).isEqualTo(new Deflate(false, false, false, 15, 15, 1, 1024));
  }

  @Test
  void eachOptionChangesAlone() {
    Deflate all =
        Deflate.OFF
            .withAllowed(true)
            .withTakeover(true, false)
            .withWindowBits(9, 12)
            .withLevel(6)
            .withThreshold(0);
    assertThat(all).isEqualTo(new Deflate(true, true, false, 9, 12, 6, 0));
    assertThat(all.withTakeover(false, true).clientTakeover()).isTrue();
  }

  @Test
  void whatIsOutOfRangeIsNamed() {
    refused(() -> Deflate.DEFAULT.withWindowBits(7, 15), "serverWindowBits must be 8 to 15", "7");
    refused(() -> Deflate.DEFAULT.withWindowBits(15, 16), "clientWindowBits must be 8 to 15", "16");
    refused(() -> Deflate.DEFAULT.withLevel(0), "level must be 1 to 9", "0");
    refused(() -> Deflate.DEFAULT.withLevel(10), "level must be 1 to 9", "10");
    refused(() -> Deflate.DEFAULT.withThreshold(-1), "threshold must be at least 0", "-1");
  }

  private static void refused(Supplier<Deflate> options, String rule, String value) {
    assertThatThrownBy(options::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Deflate option " + rule + ", but is " + value);
  }
}
