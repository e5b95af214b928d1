package dev.runnel.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
  private static final Bytes HELLO = Bytes.utf8("hello");

  @Test
  void copiesWhatItIsGivenAndGives() {
    byte[] source = {1, 2, 3};
    Bytes bytes = Bytes.copyOf(source);
    source[0] = 9;
    bytes.toByteArray()[1] = 9;

    assertThat(bytes.toByteArray()).containsExactly(1, 2, 3);
  }

  @Test
  void wrapsWithoutACopy() {
    byte[] owned = {1, 2, 3};
    Bytes wrapped = Bytes.Unsafe.wrap(owned);
    Bytes slice = wrapped.slice(1, 3);

    assertThat(Bytes.Unsafe.array(slice)).isSameAs(owned);
    assertThat(Bytes.Unsafe.offset(slice)).isEqualTo(1);
    assertThat(slice.length()).isEqualTo(2);
  }

  @Test
  void emptyIsOneObject() {
    assertThat(Bytes.copyOf(new byte[0])).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.copyOf(new byte[3], 3, 0)).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.Unsafe.wrap(new byte[0])).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.utf8("")).isSameAs(Bytes.EMPTY);
    assertThat(HELLO.slice(5, 5)).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.concat(List.of())).isSameAs(Bytes.EMPTY);
    assertThat(Bytes.EMPTY.isEmpty()).isTrue();
  }

  @Test
  void sliceOfAllIsItself() {
    assertThat(HELLO.slice(0, 5)).isSameAs(HELLO);
  }

  @ParameterizedTest
  @CsvSource({"-1,2", "3,2", "0,6", "6,6"})
  void refusesSlicesOutside(int from, int until) {
    assertThatThrownBy(() -> HELLO.slice(from, until))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void anIndexCannotReachBeyondASlice() {
    Bytes ell = HELLO.slice(1, 4);

    assertThat(ell.get(0)).isEqualTo((byte) 'e');
    assertThat(ell.get(2)).isEqualTo((byte) 'l');
    assertThatThrownBy(() -> ell.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ell.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ell.slice(0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @CsvSource({"-1,1", "0,4", "3,1", "2147483647,1"})
  void refusesCopiesOutside(int offset, int length) {
    assertThatThrownBy(() -> Bytes.copyOf(new byte[3], offset, length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void equalByContentWhereverItLies() {
    Bytes slice = Bytes.utf8("xhellox").slice(1, 6);

    assertThat(slice).isEqualTo(HELLO).hasSameHashCodeAs(HELLO);
    assertThat(slice).isNotEqualTo(Bytes.utf8("hellO")).isNotEqualTo(Bytes.utf8("hell"));
    assertThat(slice).isNotEqualTo("hello");
  }

  @Test
  void bufferIsAReadOnlyViewOfTheSlice() {
    ByteBuffer buffer = Bytes.utf8("xhellox").slice(1, 6).asByteBuffer();

    assertThat(buffer.position()).isZero();
    assertThat(buffer.remaining()).isEqualTo(5);
    assertThat(buffer.get(0)).isEqualTo((byte) 'h');
    assertThatThrownBy(() -> buffer.put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void decodesText() {
    Bytes bytes = Bytes.copyOf(new byte[] {'a', (byte) 0xC3, (byte) 0xA4, (byte) 0xFF});

    assertThat(bytes.utf8()).isEqualTo("aä\uFFFD");
    assertThat(bytes.text(StandardCharsets.ISO_8859_1)).isEqualTo("aÃ¤ÿ");
  }

  @Test
  void concatUndoesSlicing() {
    Random random = new Random(17);
    for (int round = 0; round < 200; round++) {
      byte[] content = new byte[random.nextInt(40)];
      random.nextBytes(content);
      Bytes whole = Bytes.copyOf(content);
      int one = random.nextInt(content.length + 1);
      int two = one + random.nextInt(content.length - one + 1);
      List<Bytes> parts =
          List.of(whole.slice(0, one), whole.slice(one, two), whole.slice(two, content.length));

      assertThat(Bytes.concat(parts)).isEqualTo(whole);
      assertThat(parts.get(1).toByteArray()).isEqualTo(Arrays.copyOfRange(content, one, two));
    }
  }

  @Test
  void copiesIntoATarget() {
    byte[] target = new byte[4];
    HELLO.slice(1, 3).copyTo(target, 1);

    assertThat(target).containsExactly(0, 'e', 'l', 0);
    assertThatThrownBy(() -> HELLO.copyTo(target, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void doesNotTellItsContent() {
    assertThat(Bytes.utf8("secret")).hasToString("Bytes(6)");
  }
}
