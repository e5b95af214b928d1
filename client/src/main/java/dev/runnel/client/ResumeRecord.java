package dev.runnel.client;

import dev.runnel.io.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a partial file: written beside it, so that the next download can tell whether it
 * may continue.
 *
 * @param source a hash of the URL; the URL itself may hold secrets
 * @param validator for If-Range
 * @param total bytes of the whole content
 * @param kept bytes of the part that are safely on the disk
 */
record ResumeRecord(String source, String validator, long total, long kept) {
  private static final String TITLE = "runnel download 1";
  private static final String END = "end"; // a record that was cut short is none
  private static final int LARGEST = 16 << 10;

  static @Nullable ResumeRecord read(Path file) throws IOException {
    List<String> lines;
    try {
      if (Files.size(file) > LARGEST || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return null;
      }
      lines = Bytes.copyOf(Files.readAllBytes(file)).utf8().lines().toList();
    } catch (NoSuchFileException e) {
      return null;
    }
    boolean isWhole =
        lines.size() == 6
            && lines.get(0).equals(TITLE)
            && lines.get(3).matches("[0-9]{1,18}")
            && lines.get(4).matches("[0-9]{1,18}")
            && lines.get(5).equals(END);
    return isWhole
        ? new ResumeRecord(
            lines.get(1), lines.get(2), Long.parseLong(lines.get(3)), Long.parseLong(lines.get(4)))
        : null;
  }

  void write(Path file) throws IOException {
    String text =
        String.join(
            "\n", TITLE, source, validator, Long.toString(total), Long.toString(kept), END, "");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
