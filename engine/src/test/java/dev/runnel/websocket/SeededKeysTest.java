package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SeededKeysTest {
  private static List<Integer> drawn() {
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      keys.add(MaskKeys.next());
    }
    return keys;
  }

  private static List<Integer> drawn(long seed) {
    try (SeededKeys keys = SeededKeys.onThisThread(seed)) {
      assertThat(SeededKeys.current()).isSameAs(keys);
      return drawn();
    }
  }

  @Test
  void keysAreBySeed() {
    assertThat(drawn(1)).isEqualTo(drawn(1)).isNotEqualTo(drawn(2));
  }

  @Test
  void withoutASeedTheyAreNobodysGuess() {
    assertThat(drawn(1)).isNotEqualTo(drawn()).isNotEqualTo(drawn());
    assertThat(SeededKeys.current()).isNull();
  }

  @Test
  void otherThreadsKeepTheirs() throws InterruptedException {
    AtomicReference<SeededKeys> there = new AtomicReference<>();
    try (SeededKeys here = SeededKeys.onThisThread(1)) {
      Thread other = new Thread(() -> there.set(SeededKeys.current()));
      other.start();
      other.join();
      assertThat(there.get()).isNull();
      assertThat(SeededKeys.current()).isSameAs(here);
    }
  }

  @Test
  void theyMayBeClosedInAnyOrder() {
    SeededKeys outer = SeededKeys.onThisThread(1);
    SeededKeys inner = SeededKeys.onThisThread(2);
    outer.close();
    assertThat(SeededKeys.current()).isSameAs(inner);
    inner.close();
    assertThat(SeededKeys.current()).isNull();
  }
}
