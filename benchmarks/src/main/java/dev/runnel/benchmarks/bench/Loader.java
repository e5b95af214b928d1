package dev.runnel.benchmarks.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs load programs on the load's core, and understands what they print. */
final class Loader {
  static final String OWN_CLIENT = "dev.runnel.benchmarks.load.LoadClient";

  private static final Pattern H2LOAD =
      Pattern.compile(
          "requests: \\d+ total, \\d+ started, \\d+ done, (\\d+) succeeded, (\\d+) failed");
  private static final Pattern H2LOAD_BYTES = Pattern.compile("traffic: .*? \\((\\d+)\\) total");
  private static final Pattern HANDSHAKES = Pattern.compile("(\\d+) connections in \\d+ real");
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final long MIB = 1 << 20;

  private final Settings settings;

  Loader(Settings settings) {
    this.settings = settings;
  }

  Outcome run(Workload workload, ServerProcess server, int seconds)
      throws IOException, InterruptedException {
    Load load = workload.load();
    Outcome seen =
        switch (load.tool()) {
          case WRK -> wrk(load, url(workload, server), seconds);
          case H2LOAD -> h2load(load, url(workload, server), seconds);
          case HANDSHAKES -> handshakes(load, server, seconds);
          case OWN -> own(load, server, seconds);
        };
    return workload.unit().equals("MiB") ? seen.withCount(seen.bytes() / MIB) : seen;
  }

  private static String url(Workload workload, ServerProcess server) {
    return workload.load().tls()
        ? "https://127.0.0.1:" + server.tlsPort() + workload.path()
        : "http://127.0.0.1:" + server.port() + workload.path();
  }

  private Outcome wrk(Load load, String url, int seconds) throws IOException, InterruptedException {
    String printed =
        output(
            seconds,
            List.of(
                "wrk",
                "-t1",
                "-c" + load.connections(),
                "-d" + seconds + "s",
                "-s",
                settings.root().resolve("lua/load.lua").toString(),
                url,
                "--",
                load.bodyBytes() > 0 ? "POST" : "GET",
                Integer.toString(load.bodyBytes()),
                Integer.toString(load.atOnceCount())));
    return lastJson(printed);
  }

  private static Outcome lastJson(String printed) throws JsonProcessingException {
    String line = printed.lines().filter(l -> l.startsWith("{")).reduce((a, b) -> b).orElse("");
    return line.isEmpty() ? failed() : JSON.readValue(line, Outcome.class);
  }

  private static Outcome failed() {
    return new Outcome(0, 0, 1, 1, 0, 0, 0);
  }

  private Outcome h2load(Load load, String url, int seconds)
      throws IOException, InterruptedException {
    Path log = settings.out().resolve("h2load.log");
    Files.deleteIfExists(log);
    String printed =
        output(
            seconds,
            List.of(
                "h2load",
                "-t1",
                "-c" + load.connections(),
                "-m" + load.streams(),
                "-D" + seconds,
                "--log-file=" + log,
                url));
    Matcher requests = H2LOAD.matcher(printed);
    Matcher traffic = H2LOAD_BYTES.matcher(printed);
    if (!requests.find() || !traffic.find() || !printed.contains("Application protocol: h2")) {
      return failed();
    }
    long[] micros = latencies(log);
    return new Outcome(
        Long.parseLong(requests.group(1)),
        Long.parseLong(traffic.group(1)),
        TimeUnit.SECONDS.toMicros(seconds),
        Long.parseLong(requests.group(2)),
        at(micros, 0.5),
        at(micros, 0.99),
        at(micros, 0.999));
  }

  /** Each line: when it began, its status, how long it took in microseconds. */
  private static long[] latencies(Path log) throws IOException {
    if (!Files.exists(log)) {
      return new long[0];
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
          .sorted()
          .toArray();
    }
  }

  private static long at(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))];
  }

  /** Several at once: each waits for its own server's flight, and the server's core must not. */
  private Outcome handshakes(Load load, ServerProcess server, int seconds)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < load.connections(); i++) {
      processes.add(
          started(
              List.of(
                  "openssl",
                  "s_time",
                  "-connect",
                  "127.0.0.1:" + server.tlsPort(),
                  "-new",
                  "-time",
                  Integer.toString(seconds))));
    }
    long count = 0;
    long errors = 0;
    for (Process process : processes) {
      Matcher matcher = HANDSHAKES.matcher(read(process, seconds));
      if (matcher.find()) {
        count += Long.parseLong(matcher.group(1));
      } else {
        errors++;
      }
    }
    return new Outcome(count, 0, TimeUnit.SECONDS.toMicros(seconds), errors, 0, 0, 0);
  }

  private Outcome own(Load load, ServerProcess server, int seconds)
      throws IOException, InterruptedException {
    return lastJson(
        output(
            seconds,
            ownCommand(load.mode(), server.port(), load.connections(), Integer.toString(seconds))));
  }

  /** Clients that stay until they are closed. */
  OwnClient idle(ServerProcess server, int connections) throws IOException {
    return new OwnClient(started(ownCommand("idle", server.port(), connections, "0")));
  }

  private List<String> ownCommand(String mode, int port, int connections, String seconds) {
    List<String> command = new ArrayList<>();
    command.add(settings.java().toString());
    command.addAll(Settings.JVM_FLAGS);
    command.addAll(
        Arrays.asList(
            "-cp",
            System.getProperty("java.class.path"),
            OWN_CLIENT,
            mode,
            Integer.toString(port),
            Integer.toString(connections),
            seconds));
    return command;
  }

  private String output(int seconds, List<String> command)
      throws IOException, InterruptedException {
    return read(started(command), seconds);
  }

  private Process started(List<String> command) throws IOException {
    return new ProcessBuilder(Settings.on(Settings.LOAD_CORE, command))
        .redirectError(
            ProcessBuilder.Redirect.appendTo(settings.out().resolve("load.log").toFile()))
        .start();
  }

  /** What it printed, which is little; one that does not end is ended. */
  private static String read(Process process, int seconds)
      throws IOException, InterruptedException {
    if (!process.waitFor(seconds + 30L, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return ""; // which no load prints: it counts as failed
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
