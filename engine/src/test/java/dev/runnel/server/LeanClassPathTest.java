package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The engine runs with the artifacts that docs/dependencies.md names, and with no others: netty-all
 * brings many more.
 */
class LeanClassPathTest {
  private static final Pattern NEEDED =
      Pattern.compile(
          "netty-(common|buffer|transport|resolver|resolver-dns|codec-base|codec-dns|codec-haproxy|codec-http|codec-http2|handler|transport-native-unix-common"
              + "|transport-classes-(epoll|kqueue|io_uring))-[0-9][^-]*\\.jar|slf4j-api-.*\\.jar");

  @Test
  void servesWithOnlyTheNamedArtifacts() throws Exception {
    List<String> jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> isOurs(entry) || NEEDED.matcher(name(entry)).matches())
            .toList();
    assertThat(jars).hasSize(2 + 16);
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, jars),
                LeanServer.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Eventually.ends(server, "the process to end");
    assertThat(output).contains("answered 200 hello over nio", "called by name: 200");
    assertThat(server.exitValue()).isZero();
  }

  private static boolean isOurs(String entry) {
    return entry.endsWith("classes");
  }

  private static String name(String entry) {
    return Path.of(entry).getFileName().toString();
  }
}
