package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatheredTest {
  @Test
  void nothingIsEmpty() {
    assertThat(new Gathered().whole()).isSameAs(Bytes.EMPTY);
  }

  @Test
  void oneLargePieceIsNotCopied() {
    Gathered gathered = new Gathered();
    Bytes piece = Bytes.copyOf(new byte[5000]);
    gathered.add(piece);
    assertThat(gathered.whole()).isSameAs(piece);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1023})
  void smallPiecesCostNoObjectEach(int size) {
    Gathered gathered = new Gathered();
    int pieces = (1 << 20) / size;
    for (int i = 0; i < pieces; i++) {
      gathered.add(Bytes.copyOf(new byte[size]));
    }
    assertThat(gathered.objects()).isLessThanOrEqualTo(17);
    assertThat(gathered.whole().length()).isEqualTo(pieces * size);
  }

  /** Small ones between large ones are the worst case: two objects for each kilobyte. */
  @Test
  void mixedPiecesCostFew() {
    Gathered gathered = new Gathered();
    for (int i = 0; i < 1000; i++) {
      gathered.add(Bytes.copyOf(new byte[1024]));
      gathered.add(Bytes.copyOf(new byte[1]));
    }
    assertThat(gathered.objects()).isEqualTo(2000);
    assertThat(gathered.whole().length()).isEqualTo(1025 * 1000);
  }

  @Test
  void whatComesOutIsWhatWentIn() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      Gathered gathered = new Gathered();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      int pieces = random.nextInt(300);
      for (int i = 0; i < pieces; i++) {
        byte[] piece = new byte[random.nextInt(random.nextInt(3000) + 1)];
        random.nextBytes(piece);
        all.writeBytes(piece);
        gathered.add(Bytes.copyOf(piece));
      }
      assertThat(gathered.whole().toByteArray()).as("seed " + seed).isEqualTo(all.toByteArray());
    }
  }
}
