package dev.runnel.benchmarks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server's process on the servers' core, and what can be read of it from outside. */
final class ServerProcess implements AutoCloseable {
  private static final long START_NANOS = 60_000_000_000L;

  /** USER_HZ: what the kernel counts CPU time in for {@code /proc}, on all Linux systems. */
  private static final long TICK_MICROS = 10_000;

  private static final byte[] REQUEST =
      "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Contender contender;
  private final Process process;
  private final BufferedReader answers;
  private final Path log;
  private final int port;
  private final int tlsPort;

  private ServerProcess(Contender contender, Process process, Path log, int port, int tlsPort) {
    this.contender = contender;
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.log = log;
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /** Whether there is anything to start. */
  static boolean isThere(Contender contender, Settings settings) {
    return contender.isJvm()
        ? Files.exists(Commands.classPathFile(contender, settings))
        : Commands.program(contender.where()) != null;
  }

  static ServerProcess start(Contender contender, Settings settings) throws IOException {
    return start(contender, settings, freePort());
  }

  /** A service of nothing but clear HTTP. */
  static ServerProcess startPlain(Contender contender, Settings settings) throws IOException {
    return start(contender, settings, Commands.NO_PORT);
  }

  private static ServerProcess start(Contender contender, Settings settings, int tlsPort)
      throws IOException {
    int port = freePort();
    Path log = settings.out().resolve(contender.name() + ".log");
    List<String> command = Commands.server(contender, settings, port, tlsPort);
    Process process =
        new ProcessBuilder(Settings.on(Settings.SERVER_CORE, command))
            .redirectError(log.toFile())
            .start();
    return new ServerProcess(contender, process, log, port, tlsPort);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  int tlsPort() {
    return tlsPort;
  }

  /** Asks again and again until there is an answer; false if the server ends or takes too long. */
  boolean awaitFirstAnswer() throws InterruptedException {
    long end = System.nanoTime() + START_NANOS;
    while (process.isAlive() && System.nanoTime() < end) {
      if (answers()) {
        return true;
      }
      Thread.sleep(2);
    }
    return false;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(REQUEST);
      byte[] start = socket.getInputStream().readNBytes(12);
      return new String(start, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false; // not yet; that it never comes is what the caller's limit is for
    }
  }

  /** CPU time of the process and of its children, in microseconds. */
  long cpuMicros() {
    return pids().mapToLong(ServerProcess::ticks).sum() * TICK_MICROS;
  }

  private Stream<Long> pids() {
    return Stream.concat(Stream.of(process.pid()), process.descendants().map(ProcessHandle::pid));
  }

  private static long ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name in parentheses may hold anything; utime and stime are the 12th and 13th after it.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException e) {
      throw new UncheckedIOException("the server " + pid + " is gone", e);
    }
  }

  long residentBytes() throws IOException {
    long pages = 0;
    for (long pid : pids().toList()) {
      pages +=
          Long.parseLong(Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ", -1)[1]);
    }
    return pages * 4096;
  }

  /** Bytes that the threads allocated so far; -1 for programs. */
  long allocated() throws IOException {
    return contender.isJvm() ? ask("allocated") : -1;
  }

  /** Milliseconds that its virtual machine has spent on compiling so far; 0 for programs. */
  long compiledMillis() throws IOException {
    return contender.isJvm() ? ask("compiled") : 0;
  }

  /** Has its virtual machine use all memory for new objects once, before anything is measured. */
  void touchMemory() throws IOException {
    if (contender.isJvm()) {
      ask("touched");
    }
  }

  /** Bytes of heap and direct buffers after collections. */
  long held() throws IOException {
    return ask("held");
  }

  private long ask(String question) throws IOException {
    OutputStream questions = process.getOutputStream();
    questions.write((question + "\n").getBytes(StandardCharsets.UTF_8));
    questions.flush();
    String line;
    while ((line = answers.readLine()) != null) {
      if (line.startsWith("@")) {
        return Long.parseLong(line.substring(1));
      }
    }
    throw new IOException(contender.name() + " has ended: " + log());
  }

  /** The end of what it said, for errors. */
  String log() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(log));
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
