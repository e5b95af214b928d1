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
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules that the sources keep, read from the source tree itself. */
class HouseRulesTest {
  private static final int MAX_LINES = 500;

  /** Benchmarks measure Netty's own codecs beside ours, so they may see everything. */
  private static final Set<String> MAY_SEE_NETTY = Set.of("engine", "benchmarks");

  /** A wait for so long, whatever happens meanwhile. */
  private static final Pattern SLEEP =
      Pattern.compile("[.:](sleep|sleepUninterruptibly|parkNanos|parkUntil)\\b");

  /** Files that may sleep, and why. */
  private static final Map<String, String> MAY_SLEEP =
      Map.of(
          "engine/src/main/java/dev/runnel/engine/internal/netty/Watchdog.java",
          "it looks at loops that may be held, whose clocks stand still with them",
          "engine/src/test/java/dev/runnel/server/Eventually.java",
          "it looks again and again for what all others wait for",
          "conformance/src/test/java/dev/runnel/conformance/hostile/SlowPeersTest.java",
          "its clients send slowly, which is what they are for",
          "testkit/src/main/java/dev/runnel/testkit/SteppedBlocking.java",
          "it looks whether the threads of blocking code rest, for a bounded time",
          "testkit/src/main/java/dev/runnel/testkit/WallDriver.java",
          "on real ports time is real, and it looks again and again like Eventually");

  private static final Pattern WALL_CLOCK =
      Pattern.compile("\\bSystem\\.(nanoTime|currentTimeMillis)\\(|\\bInstant\\.now\\(\\)");

  /** Tests that may read the wall clock, and why. */
  private static final Map<String, String> MAY_READ_THE_CLOCK =
      Map.of(
          "engine/src/test/java/dev/runnel/server/Eventually.java",
          "its bound is what ends a test that waits in vain",
          "engine/src/test/java/dev/runnel/testing/TcpPeer.java",
          "its bound is what ends a test that waits in vain",
          "engine/src/test/java/dev/runnel/testing/MemoryServer.java",
          "foreign threads, which it waits for, have no other clock",
          "engine/src/test/java/dev/runnel/hub/ThreadLoop.java",
          "a loop on a real thread has the real time",
          "engine/src/test/java/dev/runnel/engine/internal/netty/DialTlsTest.java",
          "a session of TLS says by it when it was made");

  private static final Pattern BOUND =
      Pattern.compile("\\.\\w+\\([0-9_]+L?, (TimeUnit\\.)?(NANO|MICRO|MILLI)?SECONDS\\)");

  /** Tests with a bound of their own, and why. */
  private static final Map<String, String> MAY_BOUND =
      Map.of(
          "engine/src/test/java/dev/runnel/testing/Garbage.java",
          "the collector promises nothing, and who asks it looks again anyway");

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
  void nobodySleeps() {
    assertThat(
            breaking(
                s ->
                    s.has(SLEEP)
                        && !s.isMeasurement()
                        && !MAY_SLEEP.containsKey(s.path().toString())))
        .as(
            "nobody sleeps: how long something takes is a guess, wrong on a loaded machine and too"
                + " long on any other. Let virtual time pass, or wait for the condition itself"
                + " with Eventually")
        .isEmpty();
    assertThat(unneeded(MAY_SLEEP, SLEEP)).as("exemptions that nobody needs any more").isEmpty();
  }

  @Test
  void testsDoNotReadTheWallClock() {
    assertThat(
            breaking(
                s ->
                    s.isTest()
                        && s.has(WALL_CLOCK)
                        && !MAY_READ_THE_CLOCK.containsKey(s.path().toString())))
        .as(
            "tests do not read the wall clock: neither to measure, which a loaded machine breaks,"
                + " nor to bound what they wait for, which Eventually does for all")
        .isEmpty();
    assertThat(unneeded(MAY_READ_THE_CLOCK, WALL_CLOCK))
        .as("exemptions that nobody needs any more")
        .isEmpty();
  }

  @Test
  void oneClassKnowsHowLongTestsWait() {
    assertThat(
            breaking(
                s ->
                    s.isTest()
                        && !s.module().equals("samples")
                        && s.has(BOUND)
                        && !MAY_BOUND.containsKey(s.path().toString())))
        .as(
            "the bounds of what tests wait for stand in Eventually, because one that is good enough"
                + " for the machine of who writes it fails on another (samples cannot see it)")
        .isEmpty();
    assertThat(unneeded(MAY_BOUND, BOUND)).as("exemptions that nobody needs any more").isEmpty();
  }

  private static List<String> unneeded(Map<String, String> exempt, Pattern from) {
    return exempt.keySet().stream()
        .filter(path -> SOURCES.stream().noneMatch(s -> s.path().endsWith(path) && s.has(from)))
        .toList();
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

    boolean isTest() {
      return path.startsWith(Path.of(module(), "src", "test"));
    }

    /**
     * Programs that measure for so many seconds, and servers that block because they are told to.
     */
    boolean isMeasurement() {
      return module().equals("benchmarks") && !isTest();
    }

    /** Whether there is such code; comments may name what they like. */
    boolean has(Pattern pattern) {
      return lines.stream()
          .map(line -> line.replaceFirst("^\\s*\\*.*|//.*", ""))
          .anyMatch(line -> pattern.matcher(line).find());
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
