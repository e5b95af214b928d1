package dev.runnel.conformance.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.runnel.engine.internal.h1.RawCase;
import dev.runnel.engine.internal.h1.RawRequestCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks for new inputs with Jazzer, in a JVM of its own because the fuzzer instruments classes and
 * ends the process when it finds something. To look longer: {@code mvn verify -pl conformance -am
 * -Drunnel.fuzz.seconds=3600}; 0 turns it off.
 */
class RequestFuzzTest {
  private static final int SECONDS = Integer.getInteger("runnel.fuzz.seconds", 20);

  /** A JVM that starts slowly on a busy machine still does some hundred a second. */
  private static final int FEWEST_PER_SECOND = 100;

  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs");

  @TempDir Path dir;

  @Test
  void findsNothing() throws IOException, InterruptedException {
    assumeThat(SECONDS).as("seconds to look for").isPositive();
    Path cases = writeCases();
    Path log = dir.resolve("log");
    Process fuzzer =
        new ProcessBuilder(command(cases))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(fuzzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS)).as("the fuzzer ends").isTrue();
    } finally {
      fuzzer.destroyForcibly();
    }
    String output = Files.readString(log, UTF_8);
    assertThat(fuzzer.exitValue()).as(() -> findings() + tail(output)).isZero();
    Matcher done = DONE.matcher(output);
    assertThat(done.find()).as(() -> tail(output)).isTrue();
    assertThat(Integer.parseInt(done.group(1))).isGreaterThan(SECONDS * FEWEST_PER_SECOND);
  }

  private List<String> command(Path cases) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Xmx1g");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + RequestFuzzTarget.class.getName());
    command.add("--instrumentation_includes=dev.runnel.**");
    // Its injection detectors stay out of other classes: the one for Unsafe breaks Netty.
    command.add("--custom_hook_includes=dev.runnel.**");
    command.add("-max_total_time=" + SECONDS);
    command.add("-max_len=2048");
    command.add("-timeout=10");
    command.add("-rss_limit_mb=0"); // -Xmx is the limit; what is resident also counts mapped files
    command.add("-dict=" + Seeds.dictionary());
    // What it finds interesting goes into the first directory.
    command.add(Files.createDirectory(dir.resolve("corpus")).toString());
    command.add(Seeds.directory().toString());
    command.add(cases.toString());
    return command;
  }

  private Path writeCases() throws IOException {
    Path cases = Files.createDirectory(dir.resolve("cases"));
    int number = 0;
    for (RawCase raw : RawRequestCases.all()) {
      Files.write(cases.resolve("case-" + number++), raw.bytes().toByteArray());
    }
    return cases;
  }

  /** Inputs that failed, to be decoded into a file among the seeds. */
  private String findings() {
    StringBuilder out = new StringBuilder("inputs in base64, to be kept among the seeds:\n");
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.filter(RequestFuzzTest::isFinding).toList()) {
        out.append(Base64.getEncoder().encodeToString(Files.readAllBytes(file))).append('\n');
      }
    } catch (IOException e) {
      out.append(e);
    }
    return out.toString();
  }

  private static boolean isFinding(Path file) {
    return file.getFileName().toString().matches("(crash|timeout|oom)-.*");
  }

  private static String tail(String output) {
    return output.substring(Math.max(0, output.length() - 6000));
  }
}
