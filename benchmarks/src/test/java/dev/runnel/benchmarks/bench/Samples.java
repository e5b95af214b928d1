package dev.runnel.benchmarks.bench;

import java.util.List;

/** What a run might have measured. */
final class Samples {
  private Samples() {}

  static Sample sample(String workload, String server, int round, double cpuMicros) {
    return new Sample(workload, server, round, cpuMicros, 1_000, 512, 100, 200, 300);
  }

  /** A round for each figure, beginning with the first. */
  static void add(Results results, String workload, String server, double... cpuMicros) {
    for (int i = 0; i < cpuMicros.length; i++) {
      results.add(sample(workload, server, i + 1, cpuMicros[i]));
    }
  }

  static Settings settings(String... args) {
    return Settings.parse(args);
  }

  /** As usual, but of these. */
  static Settings settings(List<Contender> contenders) {
    Settings usual = settings();
    return new Settings(
        usual.root(),
        usual.out(),
        usual.java(),
        contenders,
        usual.workloads(),
        usual.rounds(),
        usual.seconds(),
        usual.warmUpSeconds(),
        usual.startUps(),
        usual.idle());
  }
}
