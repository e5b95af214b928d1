package dev.runnel.benchmarks.bench;

import dev.runnel.benchmarks.load.LoadClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs load programs on the load's core. */
final class Loader {
  static final String OWN_CLIENT = "dev.runnel.benchmarks.load.LoadClient";

  private final Settings settings;

  Loader(Settings settings) {
    this.settings = settings;
  }

  /**
   * Runs the load once.
   *
   * @param meter told when it begins and when it has ended: for our own client without the
   *     connecting of its clients, and when it is warm
   */
  Outcome run(Workload workload, ServerProcess server, int seconds, Meter meter)
      throws IOException, InterruptedException {
    if (workload.load().tool() == Load.Tool.OWN) {
      return workload.counted(own(workload.load(), server, seconds, meter));
    }
    meter.begin();
    Outcome seen = tool(workload, server, seconds);
    meter.end();
    return workload.counted(seen);
  }

  private Outcome tool(Workload workload, ServerProcess server, int seconds)
      throws IOException, InterruptedException {
    Load load = workload.load();
    return switch (load.tool()) {
      case WRK -> wrk(load, url(workload, server), seconds);
      case H2LOAD -> h2load(load, url(workload, server), seconds);
      case HANDSHAKES -> handshakes(load, server, seconds);
      case OWN -> throw new IllegalArgumentException(workload.name() + " has a client of ours");
    };
  }

  private static String url(Workload workload, ServerProcess server) {
    return workload.load().tls()
        ? "https://127.0.0.1:" + server.tlsPort() + workload.path()
        : "http://127.0.0.1:" + server.port() + workload.path();
  }

  private Outcome wrk(Load load, String url, int seconds) throws IOException, InterruptedException {
    return Printed.json(
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
                Integer.toString(load.atOnceCount()))));
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
    return Printed.h2load(printed, log, seconds);
  }

  /** Several at once: each waits for its own server's flight, and the server's core must not. */
  private Outcome handshakes(Load load, ServerProcess server, int seconds)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
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
    List<String> printed = new ArrayList<>();
    for (Process process : processes) {
      printed.add(read(process, seconds));
    }
    // Not the seconds it was told: it looks at a clock of whole seconds, and takes up to one more.
    return Printed.handshakes(printed, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
  }

  private Outcome own(Load load, ServerProcess server, int seconds, Meter meter)
      throws IOException, InterruptedException {
    List<String> command =
        ownCommand(load.mode(), server.port(), load.connections(), Integer.toString(seconds));
    try (OwnClient client = new OwnClient(started(command))) {
      client.endsWithin(seconds + 60);
      if (!client.awaitSign(LoadClient.BEGUN)) {
        return Printed.json("");
      }
      meter.begin();
      String printed = client.line();
      meter.end();
      return Printed.json(printed);
    }
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
