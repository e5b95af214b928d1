package dev.runnel.conformance.client.foreign;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.server.Eventually;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program that somebody else wrote, running for a test. What it says stands in its log. */
final class Program implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Program.class);

  /** Below the ports that Linux gives to those who ask for none, so that nobody gets ours. */
  private static final int LOWEST_PORT = 20_000;

  private static final int PORTS = 12_000;
  private static final long SECONDS_TO_END = 5;

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Where the program is; the test is skipped if it is nowhere.
   *
   * @param debian the package that has it
   */
  static Path require(String name, String debian) {
    // Daemons stand where only root looks.
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin:/usr/local/sbin";
    Path found =
        Arrays.stream(path.split(File.pathSeparator))
            .map(directory -> Path.of(directory, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    String skipped = "skipped: there is no " + name + " (Debian has it in " + debian + ")";
    if (found == null) {
      System.out.println(skipped);
    }
    assumeTrue(found != null, skipped);
    return found;
  }

  /** An empty directory for a program. */
  static Path workplace(String name) {
    Path place = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Path directory = place.resolve("target").resolve("foreign").resolve(name);
    try {
      if (Files.exists(directory)) {
        try (Stream<Path> old = Files.walk(directory)) {
          for (Path file : old.sorted((a, b) -> b.compareTo(a)).toList()) {
            Files.delete(file);
          }
        }
      }
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port of the loopback that nobody listens on. */
  static int freePort() {
    for (int i = 0; i < 100; i++) {
      int port = LOWEST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      try (ServerSocket socket = new ServerSocket(port, 1, loopback())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        LOG.trace("port {} is taken", port, taken);
      }
    }
    throw new AssertionError("100 ports of the loopback are taken");
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  /** Starts a program, and waits until it listens on these ports. */
  static Program start(Path directory, List<String> command, int... ports) {
    Program program = start(directory, command);
    try {
      for (int port : ports) {
        Eventually.until(() -> program.listensOn(port), () -> "port " + port + ": " + program);
      }
    } catch (Throwable e) {
      program.close();
      throw e;
    }
    return program;
  }

  private static Program start(Path directory, List<String> command) {
    Path log = directory.resolve("log");
    try {
      return new Program(
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listensOn(int port) {
    if (!process.isAlive()) {
      throw new AssertionError("ended: " + this);
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(loopback(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Runs a program to its end, which must be a good one. */
  static void run(Path directory, List<String> command) {
    try (Program program = start(Files.createTempDirectory(directory, "run"), command)) {
      boolean ended = program.process.waitFor(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended || program.process.exitValue() != 0) {
        throw new AssertionError(command + " failed: " + program);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What it said so far. */
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Ends it and all that it started. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public String toString() {
    return process.info().command().orElse("a program that has ended") + " said\n" + said();
  }
}
