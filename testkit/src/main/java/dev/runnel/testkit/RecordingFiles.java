package dev.runnel.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.Consumer;

/** A file for each exchange, numbered. Called by one thread at a time. */
final class RecordingFiles implements Consumer<Recording> {
  /** A name that every file system takes, with the number and the method. */
  private static final int LONGEST_PATH = 60;

  private final Path directory;
  private int number;

  RecordingFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public void accept(Recording recording) {
    try {
      Files.createDirectories(directory);
      while (!tryWrite(recording)) {
        number++;
      }
      number++;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean tryWrite(Recording recording) throws IOException {
    Path file = directory.resolve(name(recording.request()));
    if (isTaken()) {
      return false;
    }
    try {
      Files.writeString(
          file, recording.text(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // another process was first
    }
  }

  /** Whether a file of this number is there, of whatever request. */
  private boolean isTaken() throws IOException {
    try (var files = Files.newDirectoryStream(directory, prefix() + "*")) {
      return files.iterator().hasNext();
    }
  }

  private String prefix() {
    return String.format(Locale.ROOT, "%04d-", number + 1);
  }

  private String name(Recording.Request request) {
    String target = request.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String plain = path.replaceAll("[^A-Za-z0-9._]+", "-").replaceAll("^[-.]+|[-.]+$", "");
    String cut = plain.length() > LONGEST_PATH ? plain.substring(0, LONGEST_PATH) : plain;
    String method = request.method().replaceAll("[^A-Za-z0-9]+", "-");
    return prefix() + method + (cut.isEmpty() ? "" : "-" + cut) + ".txt";
  }
}
