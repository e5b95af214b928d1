package dev.runnel.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a download behaves. An immutable value: methods that look like changes give another one. The
 * default does not resume, replaces a file that is there, and checks nothing but the length.
 */
public final class DownloadOptions {
  /** What every download has unless told otherwise. */
  public static final DownloadOptions DEFAULT =
      new DownloadOptions(false, true, null, null, ProgressBody.PER_SECOND);

  private final boolean resume;
  private final boolean replace;
  private final @Nullable Checksum checksum;
  private final Progress.@Nullable Listener listener;
  private final int perSecond;

  /** What the content must have. */
  record Checksum(String algorithm, String hex) {
    MessageDigest digest() {
      try {
        return MessageDigest.getInstance(algorithm);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalArgumentException(
            "this JVM has no message digest '" + algorithm + "'; it always has SHA-256", e);
      }
    }
  }

  private DownloadOptions(
      boolean resume,
      boolean replace,
      @Nullable Checksum checksum,
      Progress.@Nullable Listener listener,
      int perSecond) {
    this.resume = resume;
    this.replace = replace;
    this.checksum = checksum;
    this.listener = listener;
    this.perSecond = perSecond;
  }

  /**
   * Whether a download that fails or is cancelled leaves what it has beside the target ({@code
   * .name.part}, and {@code .name.part.record} that says of what it is a part), for the next one of
   * the same URL to continue. It does so only where the server said the length and gave a strong
   * ETag or a Last-Modified that identifies the content (RFC 9110 13.1.5); else nothing is left.
   * What is kept of a process that was killed, or of a machine that was, is what was safely on the
   * disk: all but the last 16 MiB.
   */
  public DownloadOptions withResume(boolean on) {
    return new DownloadOptions(on, replace, checksum, listener, perSecond);
  }

  /**
   * Whether a file that is there is replaced, at once and as a whole, when the download is complete
   * (true unless set), or fails the download and is left alone.
   */
  public DownloadOptions withReplaceExisting(boolean on) {
    return new DownloadOptions(resume, on, checksum, listener, perSecond);
  }

  /**
   * The checksum that the content must have; with another one the download fails and leaves
   * nothing.
   *
   * @param algorithm of {@link MessageDigest}, such as {@code SHA-256}
   * @param hex hexadecimal digits
   * @throws IllegalArgumentException if this JVM does not know the algorithm, or it has another
   *     number of digits
   */
  public DownloadOptions withChecksum(String algorithm, String hex) {
    Checksum expected = new Checksum(algorithm, hex.toLowerCase(Locale.ROOT));
    int digits = 2 * expected.digest().getDigestLength();
    if (!expected.hex.matches("[0-9a-f]{" + digits + "}")) {
      throw new IllegalArgumentException(
          algorithm + " has " + digits + " hexadecimal digits, but given was '" + hex + "'");
    }
    return new DownloadOptions(resume, replace, expected, listener, perSecond);
  }

  /** A listener that hears of bytes written to the disk, 10 times a second at most. */
  public DownloadOptions withProgress(Progress.Listener hears) {
    return withProgress(hears, ProgressBody.PER_SECOND);
  }

  /**
   * A listener that hears of bytes written to the disk so many times a second at most, and when all
   * are.
   *
   * @throws IllegalArgumentException if {@code atMostPerSecond} is not within 1 to 1000
   */
  public DownloadOptions withProgress(Progress.Listener hears, int atMostPerSecond) {
    return new DownloadOptions(
        resume,
        replace,
        checksum,
        Objects.requireNonNull(hears),
        ProgressBody.requireRate(atMostPerSecond));
  }

  boolean resume() {
    return resume;
  }

  boolean replace() {
    return replace;
  }

  @Nullable Checksum checksum() {
    return checksum;
  }

  Progress.@Nullable Listener listener() {
    return listener;
  }

  int perSecond() {
    return perSecond;
  }
}
