package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.testing.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, in a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class SignalTest {
  private static final Duration DRAIN = Duration.ofHours(1);
  private static final String CALLED = "the handler runs"; // "called" is in warnings of the JVM
  private static final String PORT = "port ";

  @TempDir Path directory;

  @Test
  void aCallInFlightIsAnsweredBeforeTheProcessEnds() throws Exception {
    try (Child child = new Child(directory);
        TcpPeer peer = new TcpPeer(child.port())) {
      peer.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      child.await(CALLED);
      child.process.destroy();
      assertThat(peer.answer().body()).isEqualTo("slow");
      Eventually.ends(child.process, "the process to end");
      assertThat(child.process.exitValue()).isZero();
      child.await("finished 1 cancelled 0 abandoned 0");
    }
  }

  @Test
  void aSecondSignalEndsTheProcessAtOnce() throws Exception {
    try (Child child = new Child(directory);
        TcpPeer peer = new TcpPeer(child.port())) {
      peer.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
      child.await(CALLED);
      child.process.destroy();
      // Two signals that are both pending are one, so the first must have been seen.
      child.await("SIGTERM: stopping");
      assertThat(child.process.isAlive()).isTrue();
      String pid = Long.toString(child.process.pid());
      assertThat(new ProcessBuilder("kill", "-TERM", pid).start().waitFor()).isZero();
      // At the end of the drain, in an hour, the process would go by itself, and with 0.
      Eventually.ends(child.process, "the process to end at once");
      assertThat(child.process.exitValue()).isEqualTo(130);
    }
  }

  /** The process. */
  private static final class Child implements AutoCloseable {
    final Process process;
    private final Path output;

    Child(Path directory) throws IOException {
      // Not a pipe: Process.destroy() closes our end of it, and the rest would be lost.
      output = directory.resolve("output");
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    }

    int port() {
      Pattern whole = Pattern.compile("^" + PORT + "(\\d+)\\R", Pattern.MULTILINE);
      Eventually.until(() -> whole.matcher(text()).find(), () -> "the port in " + text());
      return whole
          .matcher(text())
          .results()
          .mapToInt(m -> Integer.parseInt(m.group(1)))
          .findFirst()
          .orElseThrow();
    }

    void await(String text) {
      Eventually.until(() -> text().contains(text), () -> "'" + text + "' in " + text());
    }

    private String text() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly(); // gone already, unless the test failed
    }
  }

  /** What the process runs. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      Server server =
          Server.builder()
              .port(0)
              .routes(
                  r ->
                      r.handle(
                              Method.GET,
                              "/slow",
                              exchange -> {
                                System.out.println(CALLED);
                                answerWhenStopping(exchange);
                              })
                          .handle(Method.GET, "/never", exchange -> System.out.println(CALLED)))
              .start();
      server.stopOnSignal(DRAIN);
      System.out.println(PORT + server.port());
      var report = server.awaitStopped();
      System.out.println(
          "finished "
              + report.finished()
              + " cancelled "
              + report.cancelled()
              + " abandoned "
              + report.abandoned());
    }

    private static void answerWhenStopping(Exchange exchange) {
      if (exchange.server().isStopping()) {
        exchange.respond(Response.ok("slow"));
      } else {
        exchange.loop().schedule(() -> answerWhenStopping(exchange), Duration.ofMillis(5));
      }
    }
  }
}
