package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {
  private static final int KEY = 0x37FA213D;

  @Test
  void theMaskIsTakenOffWhateverTheLengthAndTheSplit() {
    byte[] plain = new byte[67];
    new Random(6455).nextBytes(plain);
    byte[] masked = new byte[plain.length];
    for (int i = 0; i < plain.length; i++) {
      masked[i] = (byte) (plain[i] ^ (KEY >>> (24 - 8 * (i & 3))));
    }
    for (int split = 0; split <= plain.length; split++) {
      Chunk chunk = new Chunk();
      chunk.set(Bytes.copyOf(masked));
      byte[] target = new byte[plain.length];
      chunk.unmask(target, 0, split, KEY);
      chunk.unmask(target, split, plain.length - split, Integer.rotateLeft(KEY, 8 * split));
      assertThat(target).as("split at %d", split).isEqualTo(plain);
      assertThat(chunk.isEmpty()).isTrue();
    }
  }

  @Test
  void whatIsUnmaskedIsACopy() {
    Bytes received = Bytes.utf8("abcdefghij");
    Chunk chunk = new Chunk();
    chunk.set(received);
    chunk.unmask(new byte[10], 0, 10, KEY);
    assertThat(received.utf8()).isEqualTo("abcdefghij");
  }
}
