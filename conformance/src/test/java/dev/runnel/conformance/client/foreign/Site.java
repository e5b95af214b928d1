package dev.runnel.conformance.client.foreign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files that servers have: small ones, one that compresses well, and one of 24 MiB. */
final class Site {
  static final int BIG_BYTES = 24 << 20;
  static final String TEXT =
      IntStream.range(0, 20_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

  private static final byte[] BIG = big();

  final Path root;

  Site(Path directory) {
    root = directory.resolve("htdocs");
    try {
      Files.createDirectories(root.resolve("folder"));
      Files.writeString(root.resolve("small.txt"), "small");
      Files.writeString(root.resolve("folder/index.html"), "<p>the folder</p>");
      Files.writeString(root.resolve("text.txt"), TEXT);
      Files.write(root.resolve("big.bin"), BIG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] big() {
    byte[] bytes = new byte[BIG_BYTES];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** The SHA-256 of the big file. */
  static String bigSum() {
    return sum(BIG);
  }

  static String sum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The first bytes of the big file. */
  static byte[] bytes(int length) {
    return Arrays.copyOf(BIG, length);
  }
}
