package dev.runnel.benchmarks.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    List<String> measured = results.ranked(workload.name(), settings.contenders());
    List<String> failed = results.failed(workload.name(), settings.contenders());
    if (measured.isEmpty() && failed.isEmpty()) {
      return;
    }
    line("### " + workload.name());
    line("");
    if (!measured.isEmpty()) {
      head(workload);
      measured.forEach(server -> row(workload.name(), server));
      line("");
    }
    names(
        "Without a figure, as they do not do it or answered with errors",
        failed.stream().filter(server -> !measured.contains(server)));
    names(
        "Of fewer rounds, as in some they had errors", failed.stream().filter(measured::contains));
  }

  private void head(Workload workload) {
    line(
        ("| server | CPU µs per %1$s | lowest to highest | × %2$s (middle half) | %3$s/s | × %2$s |"
                + " p50 µs | p99 µs | p99.9 µs | bytes allocated per %1$s |")
            .formatted(workload.unit(), Contender.BASE, workload.units()));
    line("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
  }

  private void row(String workload, String server) {
    line(
        "| %s | %s | %s to %s | %s | %s | %s | %s | %s | %s | %s |"
            .formatted(
                server,
                number(results.cpu(workload, server)),
                number(results.lowest(workload, server)),
                number(results.highest(workload, server)),
                cpuRatio(workload, server),
                number(results.median(workload, server, Sample::perSecond)),
                number(results.ratio(workload, server, Contender.BASE, Sample::perSecond)),
                latency(results.median(workload, server, Sample::p50)),
                latency(results.median(workload, server, Sample::p99)),
                latency(results.median(workload, server, Sample::p999)),
                number(results.median(workload, server, Sample::allocated))));
  }

  private String cpuRatio(String workload, String server) {
    String ratio = number(results.ratio(workload, server, Contender.BASE, Sample::cpuMicros));
    double[] half = results.middleHalf(workload, server, Contender.BASE, Sample::cpuMicros);
    return half.length == 0
        ? ratio
        : "%s (%s to %s)".formatted(ratio, number(half[0]), number(half[1]));
  }

  private void names(String what, Stream<String> servers) {
    String names = servers.collect(Collectors.joining(", "));
    if (!names.isEmpty()) {
      line(what + ": " + names + ".");
      line("");
    }
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

  /** Three digits that count, two below one; a dash for what is not known. */
  static String number(double value) {
    if (!Double.isFinite(value) || value < 0) {
      return "–";
    }
    // What these round to, so that 9.996 is 10.0 and not 10.00.
    String pattern = value >= 99.95 ? "%,.0f" : value >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
