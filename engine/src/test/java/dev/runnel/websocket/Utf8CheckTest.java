package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the decoder of the JDK, which judges the same in one piece. */
class Utf8CheckTest {
  private static final long SEED = 6455;

  @Test
  void everyCodePointIsTaken() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      if (!surrogate) {
        byte[] bytes = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        assertThat(isText(bytes, bytes.length)).as("U+%X", point).isTrue();
      }
    }
  }

  @Test
  void everyPairAndManyLongerRunsAreJudgedAsByTheDecoder() {
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < 256; b++) {
        assertSame(new byte[] {(byte) a, (byte) b});
      }
    }
    Random random = new Random(SEED);
    int[] likely = {0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xF5, 0x9F, 0xA0, 0x90};
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(6)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] =
            (byte)
                (random.nextBoolean()
                    ? likely[random.nextInt(likely.length)]
                    : random.nextInt(256));
      }
      assertSame(bytes);
    }
  }

  /** Whole and byte by byte. */
  private static void assertSame(byte[] bytes) {
    boolean expected = decodes(bytes);
    assertThat(isText(bytes, bytes.length)).as("%s", ByteBuffer.wrap(bytes)).isEqualTo(expected);
    assertThat(isText(bytes, 1)).as("%s", ByteBuffer.wrap(bytes)).isEqualTo(expected);
  }

  private static boolean isText(byte[] bytes, int piece) {
    Utf8Check check = new Utf8Check();
    for (int at = 0; at < bytes.length; at += piece) {
      if (!check.accept(bytes, at, piece)) {
        return false;
      }
    }
    return check.isComplete();
  }

  private static boolean decodes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
