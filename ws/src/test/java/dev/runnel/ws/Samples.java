package dev.runnel.ws;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Messages of all sorts, the same for the same seed. */
final class Samples {
  private Samples() {}

  /** How the bytes of a message come about. */
  enum Sort {
    ZEROS,
    RANDOM,
    TEXT,
    /** Repeats of itself from as far back as can be, which need the longest codes. */
    DISTANT,
    /** Runs, repeats and noise in turn. */
    MIXED
  }

  static byte[] of(Sort sort, int length, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    switch (sort) {
      case ZEROS -> {}
      case RANDOM -> random.nextBytes(bytes);
      case TEXT -> text(bytes, random);
      case DISTANT -> distant(bytes, random);
      case MIXED -> mixed(bytes, random);
    }
    return bytes;
  }

  private static void text(byte[] bytes, Random random) {
    String[] words = {"\"price\":", "{\"id\":", "},", "true", "null", "\"name\":\"", "\",", "EUR"};
    for (int at = 0; at < bytes.length; ) {
      String word = random.nextInt(3) == 0 ? "" + random.nextInt(5000) : words[random.nextInt(8)];
      byte[] part = word.getBytes(StandardCharsets.US_ASCII);
      int count = Math.min(part.length, bytes.length - at);
      System.arraycopy(part, 0, bytes, at, count);
      at += count;
    }
  }

  private static void distant(byte[] bytes, Random random) {
    int noise = Math.min(bytes.length, 16000);
    byte[] start = new byte[noise];
    random.nextBytes(start);
    System.arraycopy(start, 0, bytes, 0, noise);
    for (int at = noise; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, 3 + random.nextInt(9));
      int back = Math.max(count, noise - random.nextInt(1 + noise / 2));
      System.arraycopy(bytes, Math.max(0, at - back), bytes, at, count);
      at += count;
    }
  }

  private static void mixed(byte[] bytes, Random random) {
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, 1 + random.nextInt(600));
      switch (random.nextInt(3)) {
        case 0 -> Arrays.fill(bytes, at, at + count, (byte) random.nextInt());
        case 1 -> {
          for (int i = at; i < at + count; i++) {
            bytes[i] = (byte) random.nextInt();
          }
        }
        default -> {
          int from = random.nextInt(at + 1);
          int copied = Math.min(count, at - from);
          System.arraycopy(bytes, from, bytes, at, copied);
          count = Math.max(1, copied);
        }
      }
      at += count;
    }
  }
}
