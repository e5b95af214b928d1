package dev.runnel.conformance.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files beside this class's resources that fuzzing starts from. */
final class Seeds {
  private Seeds() {}

  static Path directory() {
    return resource("seeds");
  }

  static Path dictionary() {
    return resource("http.dict");
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.sorted().toList();
    }
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(Seeds.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
