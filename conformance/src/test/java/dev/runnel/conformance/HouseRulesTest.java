package dev.runnel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Rules that the sources keep, read from the source tree itself. */
class HouseRulesTest {
  private static final int MAX_LINES = 500;

  /** Benchmarks measure Netty's own codecs beside ours, so they may see everything. */
  private static final Set<String> MAY_SEE_NETTY = Set.of("engine", "benchmarks");

  private static final List<Source> SOURCES = sources();

  @Test
  void theTreeIsRead() {
    assertThat(SOURCES)
        .as("sources found: a walk that finds nothing would let every rule below pass")
        .anyMatch(s -> s.path().endsWith("HouseRulesTest.java"));
  }

  @Test
  void filesAreShort() {
    assertThat(breaking(s -> s.lines().size() > MAX_LINES))
        .as(
            "no file is longer than %d lines, because a reader holds one responsibility in mind at"
                + " a time: split the file along the second one",
            MAX_LINES)
        .isEmpty();
  }

  @Test
  void onlyTheEngineSpeaksNetty() {
    assertThat(
            breaking(
                s -> s.isMain() && !MAY_SEE_NETTY.contains(s.module()) && s.imports("io.netty.")))
        .as(
            "only the engine imports io.netty, because what another module or a sample names of"
                + " Netty ties our compatibility to Netty's")
        .isEmpty();
  }

  @Test
  void onlyTheEngineSeesItsInside() {
    assertThat(
            breaking(
                s ->
                    s.isMain()
                        && !MAY_SEE_NETTY.contains(s.module())
                        && s.imports("dev.runnel.engine.internal.")))
        .as(
            "no other module imports dev.runnel.engine.internal, because module-info does not"
                + " export it: it would work on the class path and fail on the module path")
        .isEmpty();
  }

  @Test
  void theEngineIsJava() {
    assertThat(breaking(s -> s.module().equals("engine") && s.path().toString().endsWith(".kt")))
        .as(
            "the engine has no Kotlin file, because a Java user must not get the Kotlin runtime by"
                + " depending on it")
        .isEmpty();
  }

  private static List<Path> breaking(Predicate<Source> broken) {
    return SOURCES.stream().filter(broken).map(Source::path).toList();
  }

  /** A source file; its path is relative to the root of the repository. */
  private record Source(Path path, List<String> lines) {
    String module() {
      return path.getName(0).toString();
    }

    boolean isMain() {
      return path.startsWith(Path.of(module(), "src", "main"));
    }

    boolean imports(String prefix) {
      return lines.stream()
          .anyMatch(
              l -> l.startsWith("import " + prefix) || l.startsWith("import static " + prefix));
    }
  }

  private static List<Source> sources() {
    Path root = root();
    List<Source> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              String name = dir.getFileName().toString();
              boolean skipped =
                  !dir.equals(root) && (name.equals("target") || name.startsWith("."));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              String name = file.getFileName().toString();
              if (name.endsWith(".java") || name.endsWith(".kt")) {
                found.add(new Source(root.relativize(file), Files.readAllLines(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Surefire and IDEs start tests in the module's directory, or in the root. */
  private static Path root() {
    Path dir = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    while (!Files.isDirectory(dir.resolve(".mvn"))) {
      dir = dir.getParent();
    }
    return dir;
  }
}
