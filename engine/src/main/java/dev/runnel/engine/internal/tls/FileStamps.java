package dev.runnel.engine.internal.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells that files have changed. Links are followed, so that a mounted secret whose directory
 * is swapped is seen; and a key in the file system tells apart two files of the same second.
 */
record FileStamps(List<Stamp> stamps) {
  /** One file; all null where there is none. */
  record Stamp(@Nullable FileTime modified, long size, @Nullable Object key) {}

  static FileStamps of(List<Path> files) {
    List<Stamp> stamps = new ArrayList<>();
    for (Path file : files) {
      stamps.add(stamp(file));
    }
    return new FileStamps(stamps);
  }

  private static Stamp stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
    } catch (IOException e) {
      return new Stamp(null, 0, null); // gone: a change as well, and the load will say why
    }
  }
}
