package dev.runnel.benchmarks.bench;

import java.util.List;
import java.util.Locale;

/** The results as tables in Markdown. */
final class Report {
  private final Settings settings;
  private final Results results;
  private final StringBuilder text = new StringBuilder();

  Report(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  String text() {
    text.setLength(0);
    settings.workloads().forEach(this::workload);
    process();
    work();
    results.missing().forEach((server, why) -> line("Not measured: " + server + " (" + why + ")."));
    return text.toString();
  }

  private void workload(Workload workload) {
    List<String> measured =
        settings.contenders().stream()
            .map(Contender::name)
            .filter(server -> !results.of(workload.name(), server).isEmpty())
            .sorted(java.util.Comparator.comparingDouble(s -> cpu(workload, s)))
            .toList();
    if (measured.isEmpty()) {
      return;
    }
    String unit = workload.unit();
    line("### " + workload.name());
    line("");
    line(
        "| server | CPU µs per %1$s | lowest to highest | × %2$s | %1$ss/s | p50 µs | p99 µs | p99.9 µs |"
                .formatted(unit, Contender.BASE)
            + " bytes allocated per "
            + unit
            + " |");
    line("| --- | --: | --: | --: | --: | --: | --: | --: | --: |");
    for (String server : measured) {
      row(workload, server);
    }
    line("");
    String unable =
        String.join(
            ", ",
            settings.contenders().stream()
                .map(Contender::name)
                .filter(server -> results.isUnable(workload.name(), server))
                .toList());
    if (!unable.isEmpty()) {
      line("Without a figure, as they do not do it or answered with errors: " + unable + ".");
      line("");
    }
  }

  private double cpu(Workload workload, String server) {
    return results.median(workload.name(), server, Sample::cpuMicros);
  }

  private void row(Workload workload, String server) {
    String name = workload.name();
    List<Sample> samples = results.of(name, server);
    double low = samples.stream().mapToDouble(Sample::cpuMicros).min().orElse(Double.NaN);
    double high = samples.stream().mapToDouble(Sample::cpuMicros).max().orElse(Double.NaN);
    line(
        "| %s | %s | %s to %s | %s | %s | %s | %s | %s | %s |"
            .formatted(
                server,
                number(cpu(workload, server)),
                number(low),
                number(high),
                number(results.ratio(name, server, Contender.BASE)),
                number(results.median(name, server, Sample::perSecond)),
                latency(results.median(name, server, Sample::p50)),
                latency(results.median(name, server, Sample::p99)),
                latency(results.median(name, server, Sample::p999)),
                number(results.median(name, server, Sample::allocated))));
  }

  private void process() {
    line("### The process");
    line("");
    line(
        "| server | start to first answer without TLS, ms | MiB resident after plaintext | bytes per idle connection |");
    line("| --- | --: | --: | --: |");
    for (Contender contender : settings.contenders()) {
      String server = contender.name();
      line(
          "| %s | %s | %s | %s |"
              .formatted(
                  server,
                  number(results.startUp(server)),
                  number(results.resident(server) / (1 << 20)),
                  number(results.idle(server))));
    }
    line("");
  }

  private void work() {
    line("### What each does for a plain answer");
    line("");
    line("| server | at its defaults |");
    line("| --- | --- |");
    settings.contenders().forEach(c -> line("| " + c.name() + " | " + c.work() + " |"));
    line("");
  }

  /**
   * Nothing takes no time: then the load had no figure. wrk has none of its tail when pipelining.
   */
  private static String latency(double micros) {
    return number(micros == 0 ? Double.NaN : micros);
  }

  /** Three digits that count; a dash for what is not known. */
  static String number(double value) {
    if (Double.isNaN(value) || value < 0) {
      return "–";
    }
    String pattern = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
