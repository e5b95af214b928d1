package dev.runnel.benchmarks.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures Runnel beside its peers: each server a process of its own on one core, the load on
 * another, the servers in turn within each round so that what the machine does meanwhile meets all
 * of them. {@code benchmarks/run} prepares and starts it.
 */
public final class Bench {
  private static final int MOST_WARM_UPS = 15;

  /** A warm-up that took this part of the CPU time of the one before was the last. */
  private static final double STEADY = 0.95;

  /** Unless more than this part of its time went into compiling, which is not the server's work. */
  private static final double QUIET = 0.02;

  private final Settings settings;
  private final Loader loader;
  private final Map<Contender, ServerProcess> servers = new LinkedHashMap<>();
  private final Results results = new Results();

  private Bench(Settings settings) {
    this.settings = settings;
    this.loader = new Loader(settings);
  }

  /**
   * @param args see {@link Settings#parse}
   */
  public static void main(String[] args) throws Exception {
    Settings settings;
    try {
      settings = Settings.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(2);
      return;
    }
    new Bench(settings).run();
  }

  private void run() throws Exception {
    Files.createDirectories(settings.out());
    TestFiles.make(settings.out());
    try {
      if (settings.startUps() > 0) {
        new StartUp(settings, results).run();
      }
      start();
      for (Workload workload : settings.workloads()) {
        measure(workload);
        write();
      }
      if (settings.idle() > 0) {
        idle();
      }
    } finally {
      servers.values().forEach(ServerProcess::close);
      write();
    }
    System.out.println(new Report(settings, results).text());
  }

  private void write() throws Exception {
    results.write(settings.out().resolve("results.json"), settings);
    Files.writeString(settings.out().resolve("results.md"), new Report(settings, results).text());
    Path chart = settings.out().resolve("results.svg");
    Files.writeString(chart, new Chart(settings, results).svg());
  }

  private void start() throws Exception {
    for (Contender contender : settings.contenders()) {
      if (!ServerProcess.isThere(contender, settings)) {
        results.missing(contender.name(), "not installed or not built");
        continue;
      }
      ServerProcess server = ServerProcess.start(contender, settings);
      servers.put(contender, server);
      if (server.awaitFirstAnswer()) {
        server.touchMemory();
      } else {
        results.missing(contender.name(), "did not start: " + server.log());
        servers.remove(contender).close();
      }
    }
  }

  private void measure(Workload workload) throws Exception {
    System.err.println("== " + workload.name());
    List<Contender> able = new ArrayList<>();
    for (Map.Entry<Contender, ServerProcess> entry : servers.entrySet()) {
      Contender contender = entry.getKey();
      if (workload.takes(contender)) {
        if (warmUp(workload, entry.getValue())) {
          able.add(contender);
        } else {
          System.err.println("   " + contender.name() + ": not done");
          results.unable(workload.name(), contender.name());
        }
      }
    }
    for (int round = 1; round <= settings.rounds(); round++) {
      for (Contender contender : inTurn(able, round)) {
        sample(workload, contender, round);
      }
    }
  }

  /**
   * Until it does not become faster any more and next to nothing is compiled: on one core,
   * compiling takes the time of serving, and some have much to compile.
   *
   * @return false if the server does not do it, or with errors to the last; a cold one may be too
   *     slow for the load's patience
   */
  private boolean warmUp(Workload workload, ServerProcess server) throws Exception {
    double before = Double.NaN;
    boolean clean = false;
    for (int i = 0; i < MOST_WARM_UPS; i++) {
      Meter meter = new Meter(server);
      long compiledBefore = server.compiledMillis();
      Outcome warm = loader.run(workload, server, settings.warmUpSeconds(), meter);
      if (2 * warm.errors() >= warm.count()) {
        return false;
      }
      clean = warm.errors() == 0;
      double now = meter.cpuMicros() / (double) warm.count();
      long compiled = server.compiledMillis() - compiledBefore;
      if (clean && now > STEADY * before && compiled * 1e3 <= QUIET * warm.micros()) {
        break;
      }
      before = now;
    }
    return clean;
  }

  /** Every other round the other way round: who comes after whom must not matter. */
  private static List<Contender> inTurn(List<Contender> able, int round) {
    List<Contender> order = new ArrayList<>(able);
    if (round % 2 == 0) {
      java.util.Collections.reverse(order);
    }
    return order;
  }

  private void sample(Workload workload, Contender contender, int round) throws Exception {
    ServerProcess server = servers.get(contender);
    Meter meter = new Meter(server);
    Outcome seen = loader.run(workload, server, settings.seconds(), meter);
    if (seen.errors() > 0 || seen.count() == 0) {
      System.err.println("   " + contender.name() + ", round " + round + ": " + seen);
      results.unable(workload.name(), contender.name());
      return;
    }
    double bytes = meter.allocated() < 0 ? -1 : meter.allocated() / (double) seen.count();
    Sample sample =
        new Sample(
            workload.name(),
            contender.name(),
            round,
            meter.cpuMicros() / (double) seen.count(),
            seen.count() * 1e6 / seen.micros(),
            bytes,
            seen.p50(),
            seen.p99(),
            seen.p999());
    results.add(sample);
    System.err.printf(
        "   %-14s %9.2f us  %11.0f/s  %9.0f B%n",
        contender.name(), sample.cpuMicros(), sample.perSecond(), sample.allocated());
    if (workload.name().equals("plaintext")) {
      results.resident(contender.name(), server.residentBytes());
    }
  }

  private void idle() throws Exception {
    System.err.println("== idle");
    for (Map.Entry<Contender, ServerProcess> entry : servers.entrySet()) {
      ServerProcess server = entry.getValue();
      if (!entry.getKey().isJvm()) {
        continue;
      }
      try (OwnClient few = loader.idle(server, 100)) {
        few.awaitReady(); // classes are loaded, caches filled
      }
      long before = server.held();
      try (OwnClient clients = loader.idle(server, settings.idle())) {
        if (!clients.awaitReady()) {
          results.unable("idle", entry.getKey().name());
          continue;
        }
        long each = (server.held() - before) / settings.idle();
        results.idle(entry.getKey().name(), each);
        System.err.printf("   %-14s %9d B%n", entry.getKey().name(), each);
      }
    }
  }
}
