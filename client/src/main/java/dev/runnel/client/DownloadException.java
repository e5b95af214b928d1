package dev.runnel.client;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A download that failed for a reason of its own, and not for one of its call. */
public final class DownloadException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** What happened. */
  public enum Reason {
    /** The target cannot be one: it is a directory, or exists and must not be replaced. */
    TARGET,
    /** Another download, here or in another process, continues the same partial file. */
    BUSY,
    /** The disk failed, or a folder cannot be written to; the cause says more. */
    DISK,
    /** The server sent a part that was not asked for. */
    RANGE,
    /** More or fewer bytes came than were announced. */
    LENGTH,
    /** The content is not the one that was expected; nothing of it was kept. */
    CHECKSUM
  }

  private final Reason reason;

  DownloadException(Reason reason, String message) {
    this(reason, message, null);
  }

  DownloadException(Reason reason, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.reason = reason;
  }

  /** What happened. */
  public Reason reason() {
    return reason;
  }
}
