package dev.runnel.benchmarks.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** CPU time per request as bars, a block for each workload; readable on light and dark pages. */
final class Chart {
  private static final List<String> SHOWN = List.of("plaintext", "pipelined", "json", "h2c");
  private static final int WIDTH = 760;
  private static final int NAME = 130;
  private static final int NUMBER = 70;
  private static final int ROW = 20;
  private static final String OURS = "#2f7ed8";
  private static final String THEIRS = "#9aa5b1";

  private final Settings settings;
  private final Results results;

  Chart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  String svg() {
    StringBuilder bars = new StringBuilder();
    int y = 10;
    for (String workload : SHOWN) {
      y = block(bars, workload, y);
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="13">
        <rect width="%1$d" height="%2$d" fill="#ffffff"/>
        %3$s</svg>
        """
        .formatted(WIDTH, y, bars);
  }

  private int block(StringBuilder bars, String workload, int top) {
    List<String> servers =
        settings.contenders().stream()
            .map(Contender::name)
            .filter(server -> !results.of(workload, server).isEmpty())
            .sorted(Comparator.comparingDouble(server -> cpu(workload, server)))
            .toList();
    if (servers.isEmpty()) {
      return top;
    }
    double longest = cpu(workload, servers.get(servers.size() - 1));
    int y = top + ROW;
    text(bars, 0, y, "start", workload + ": CPU microseconds of the server per request");
    for (String server : servers) {
      y += ROW;
      double value = cpu(workload, server);
      double length = value / longest * (WIDTH - NAME - NUMBER);
      text(bars, NAME - 8, y, "end", server);
      bars.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>%n",
              NAME,
              y - 12,
              length,
              server.startsWith("runnel") ? OURS : THEIRS));
      text(bars, NAME + (int) length + 6, y, "start", Report.number(value));
    }
    return y + ROW;
  }

  private double cpu(String workload, String server) {
    return results.median(workload, server, Sample::cpuMicros);
  }

  private static void text(StringBuilder bars, int x, int y, String anchor, String text) {
    bars.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#1f2933\">%s</text>%n"
            .formatted(x, y, anchor, text));
  }
}
