package dev.runnel.client;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where a download keeps what it has until it is whole: beside its target, on the same disk. */
final class PartPaths {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * A name of at most so many characters fits, with what is added, into the 255 bytes of a name.
   */
  private static final int LONGEST_NAME = 60;

  /** Partial files of this process; locks of files only keep other processes out. */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  final Path target;
  final Path folder;
  final Path part;
  final Path record;

  private final Deque<Path> created = new ArrayDeque<>();
  private boolean claimed;

  PartPaths(Path target, boolean resume) {
    this.target = target.toAbsolutePath().normalize();
    Path parent = this.target.getParent();
    Path name = this.target.getFileName();
    if (parent == null || name == null) {
      throw new DownloadException(
          DownloadException.Reason.TARGET, "'" + target + "' cannot be a file to download to");
    }
    folder = parent;
    String stem = stem(name.toString());
    String part = "." + stem + ".part";
    this.part = parent.resolve(resume ? part : part + "-" + random());
    this.record = parent.resolve(part + ".record");
  }

  private static String stem(String name) {
    return name.length() <= LONGEST_NAME ? name : ResumeRecord.hash(name).substring(0, 32);
  }

  private static String random() {
    byte[] bytes = new byte[6];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  void checkTarget(boolean replace) {
    if (Files.isDirectory(target)) {
      throw new DownloadException(
          DownloadException.Reason.TARGET,
          "'" + target + "' is a folder: name the file to download to within it");
    }
    if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new DownloadException(
          DownloadException.Reason.TARGET,
          "'" + target + "' exists, and is not to be replaced (withReplaceExisting)");
    }
  }

  /** Makes the folder with those above it, and remembers which of them were not there. */
  void createFolders() throws IOException {
    for (Path at = folder; at != null && !Files.exists(at); at = at.getParent()) {
      created.addLast(at);
    }
    Files.createDirectories(folder);
  }

  /** Keeps other downloads of this process from the same partial file. */
  void claim() {
    if (!IN_USE.add(part)) {
      throw busy();
    }
    claimed = true;
  }

  DownloadException busy() {
    return new DownloadException(
        DownloadException.Reason.BUSY,
        "another download to '" + target + "' is under way: wait for it, or do not resume");
  }

  void release() {
    if (claimed) {
      claimed = false;
      IN_USE.remove(part);
    }
  }

  void deleteParts() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(record);
  }

  /** Removes the folders that were made here, unless somebody else uses them by now. */
  void deleteFolders() throws IOException {
    try {
      while (!created.isEmpty()) {
        Files.deleteIfExists(created.removeFirst());
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      created.clear();
    }
  }
}
