package dev.runnel.client;

import dev.runnel.io.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a download has of its content, on the disk. Blocks; used by one task at a time. */
final class PartFile {
  /** A killed process loses at most this of a download to be resumed. */
  private static final long CHECKPOINT = 16 << 20;

  private static final boolean MOVES_OPEN_FILES =
      Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");

  private final PartPaths paths;
  private final DownloadOptions options;
  private final String source;
  private final @Nullable MessageDigest digest;
  private FileChannel channel;
  private @Nullable ResumeRecord record;
  private long size;

  private PartFile(PartPaths paths, DownloadOptions options, String source) throws IOException {
    this.paths = paths;
    this.options = options;
    this.source = source;
    this.digest = options.checksum() == null ? null : options.checksum().digest();
    this.channel = options.resume() ? openShared() : openOwn();
  }

  /** The partial file for a target: an empty one, or what is left of an earlier attempt. */
  static PartFile open(Path target, DownloadOptions options, String source) throws IOException {
    PartPaths paths = new PartPaths(target, options.resume());
    paths.checkTarget(options.replace());
    try {
      paths.claim();
      paths.createFolders();
      PartFile file = new PartFile(paths, options, source);
      file.load();
      return file;
    } catch (IOException | RuntimeException e) {
      paths.release();
      try {
        paths.deleteFolders();
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private FileChannel openOwn() throws IOException {
    return FileChannel.open(paths.part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * The partial file that others may want, too. Between its opening and its locking another process
   * may have finished it and put it in its place: then it is not the file of this name any more.
   */
  private FileChannel openShared() throws IOException {
    while (true) {
      try {
        Files.createFile(paths.part);
      } catch (FileAlreadyExistsException e) {
        // from an earlier attempt: that is what is looked for
      }
      Object before = fileKey();
      FileChannel opened =
          FileChannel.open(
              paths.part,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
      try {
        if (opened.tryLock() == null) {
          throw paths.busy();
        }
        if (Files.exists(paths.part) && Objects.equals(before, fileKey())) {
          return opened;
        }
        opened.close();
      } catch (OverlappingFileLockException e) {
        opened.close();
        throw paths.busy();
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
    }
  }

  private @Nullable Object fileKey() throws IOException {
    return Files.readAttributes(paths.part, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private void load() throws IOException {
    if (!options.resume()) {
      return;
    }
    try {
      ResumeRecord found = ResumeRecord.read(paths.record);
      if (found != null && found.source().equals(source) && channel.size() >= found.kept()) {
        record = found;
        size = found.kept();
        channel.truncate(size);
        digestWhatIsThere();
        channel.position(size);
      } else {
        begin(null, -1);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void digestWhatIsThere() throws IOException {
    if (digest == null) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    channel.position(0);
    while (channel.read(buffer) >= 0) {
      digest.update(buffer.flip());
      buffer.clear();
    }
  }

  /** How many bytes there are. */
  long size() {
    return size;
  }

  /** What an earlier attempt left to continue; null where there is nothing. */
  @Nullable ResumeRecord record() {
    return size == 0 ? null : record;
  }

  /** A content from its beginning: what was there is dropped. */
  void begin(@Nullable String validator, long total) throws IOException {
    channel.truncate(0);
    channel.position(0);
    size = 0;
    if (digest != null) {
      digest.reset();
    }
    record = null;
    Files.deleteIfExists(paths.record);
    if (options.resume() && validator != null && total > 0) {
      record = new ResumeRecord(source, validator, total, 0);
    }
  }

  void append(Bytes bytes) throws IOException {
    ByteBuffer buffer = bytes.asByteBuffer();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    if (digest != null) {
      digest.update(bytes.asByteBuffer());
    }
    size += bytes.length();
    if (record != null && size - record.kept() >= CHECKPOINT) {
      checkpoint(record);
    }
  }

  private void checkpoint(ResumeRecord known) throws IOException {
    channel.force(false);
    ResumeRecord safe = new ResumeRecord(known.source(), known.validator(), known.total(), size);
    safe.write(paths.record);
    record = safe;
  }

  /** Checks the whole and puts it into its place, where it is either not or as a whole. */
  Downloaded publish(boolean resumed) throws IOException {
    String checksum = checked();
    channel.force(true);
    if (!MOVES_OPEN_FILES) {
      channel.close();
    }
    move();
    channel.close(); // behind the move: its lock keeps others from taking it for a partial one
    Files.deleteIfExists(paths.record);
    syncFolder();
    paths.release();
    return new Downloaded(paths.target, size, resumed, checksum);
  }

  private @Nullable String checked() {
    DownloadOptions.Checksum expected = options.checksum();
    if (digest == null || expected == null) {
      return null;
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(expected.hex())) {
      throw new DownloadException(
          DownloadException.Reason.CHECKSUM,
          "the content for '"
              + paths.target
              + "' has the "
              + expected.algorithm()
              + " "
              + found
              + ", but expected was "
              + expected.hex()
              + "; it was removed");
    }
    return found;
  }

  private void move() throws IOException {
    if (options.replace()) {
      Files.move(paths.part, paths.target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      Files.createLink(paths.target, paths.part); // fails if there is one, at once
      Files.delete(paths.part);
    } catch (UnsupportedOperationException e) {
      Files.move(paths.part, paths.target);
    }
  }

  /** So that the new name survives a crash. Windows opens no folders, and needs no such thing. */
  private void syncFolder() throws IOException {
    if (MOVES_OPEN_FILES) {
      try (FileChannel folder = FileChannel.open(paths.folder, StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  /** Leaves nothing. */
  void discard() throws IOException {
    try {
      paths.deleteParts();
    } finally {
      channel.close();
      paths.release();
    }
    paths.deleteFolders();
  }

  /** Leaves what can be continued; where that is nothing, nothing. */
  void suspend() throws IOException {
    ResumeRecord known = record;
    if (known == null || size == 0) {
      discard();
      return;
    }
    try {
      checkpoint(known);
    } finally {
      channel.close();
      paths.release();
    }
  }
}
