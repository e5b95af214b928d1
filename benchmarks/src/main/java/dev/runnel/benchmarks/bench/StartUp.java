package dev.runnel.benchmarks.bench;

import java.io.IOException;

/**
 * From the start of the process to the first answer, on the servers' core and with nothing else
 * running.
 */
final class StartUp {
  private final Settings settings;
  private final Results results;

  StartUp(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  void run() throws IOException, InterruptedException {
    System.err.println("== start-up");
    for (int round = 0; round < settings.startUps(); round++) {
      for (Contender contender : settings.contenders()) {
        if (contender.isJvm() && ServerProcess.isThere(contender, settings)) {
          time(contender);
        }
      }
    }
  }

  private void time(Contender contender) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    try (ServerProcess server = ServerProcess.startPlain(contender, settings)) {
      if (server.awaitFirstAnswer()) {
        results.startUp(contender.name(), (System.nanoTime() - begun) / 1e6);
      } else {
        results.missing(contender.name(), "did not start: " + server.log());
      }
    }
  }
}
