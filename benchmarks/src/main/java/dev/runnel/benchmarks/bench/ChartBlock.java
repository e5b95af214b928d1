package dev.runnel.benchmarks.bench;

import java.util.List;
import java.util.Locale;

/** A workload's part of the chart: its servers, who takes the least CPU time first. */
final class ChartBlock {
  static final int BAR = 12;

  private static final int ROW = 18;
  private static final int HEAD = 66;
  private static final int TEXT = 12;
  private static final int SMALL = 11;
  private static final int GAP = 7;

  /** Names are before it, bars behind. */
  private static final int LEFT = 140;

  /** Here the scale ends; numbers are behind. */
  private static final int RIGHT = 664;

  private static final int EDGE = Chart.WIDTH - Chart.MARGIN;

  /** What the multiple at the edge has, for bars that are broken. */
  private static final int MULTIPLE = 56;

  private final Svg svg;
  private final Results results;
  private final Workload workload;
  private final List<String> servers;
  private final List<String> without;
  private final Scale scale;

  ChartBlock(Svg svg, Results results, Workload workload, List<Contender> contenders) {
    this.svg = svg;
    this.results = results;
    this.workload = workload;
    this.servers = results.ranked(workload.name(), contenders);
    this.without =
        results.failed(workload.name(), contenders).stream()
            .filter(server -> !servers.contains(server))
            .toList();
    this.scale = Scale.of(least(), servers.stream().mapToDouble(this::cpu).toArray());
  }

  /** Not the floor's: what no server can reach is nothing to compare servers with. */
  private double least() {
    return servers.stream()
        .filter(server -> !server.equals(Contender.FLOOR))
        .mapToDouble(this::cpu)
        .findFirst()
        .orElse(0);
  }

  private double cpu(String server) {
    return results.cpu(workload.name(), server);
  }

  /** From this height on; returns where it ends. */
  int draw(int top) {
    head(top);
    int y = top + HEAD;
    grid(y, y + servers.size() * ROW);
    for (String server : servers) {
      row(server, y);
      y += ROW;
    }
    if (!without.isEmpty()) {
      String names = "No figure: " + String.join(", ", without);
      svg.text("muted", LEFT, y + 13, EDGE - LEFT, SMALL, names);
      y += ROW;
    }
    return y + ROW;
  }

  private void head(int top) {
    int half = (EDGE - Chart.MARGIN) / 2;
    svg.text("bold", Chart.MARGIN, top + 14, half, 15, workload.name());
    svg.textBefore("muted", EDGE, top + 14, half, TEXT, workload.load().shape());
    svg.text("muted", Chart.MARGIN, top + 33, EDGE - Chart.MARGIN, TEXT, rule());
  }

  private String rule() {
    String end =
        scale.isCut()
            ? "at %s: %d × the lowest server. Broken bars go on."
                .formatted(Report.number(scale.end()), Scale.TIMES)
            : "with the longest bar.";
    return "CPU µs per " + workload.unit() + ". The scale ends " + end;
  }

  private void grid(int top, int bottom) {
    svg.line("axis", LEFT, top - 4, LEFT, bottom);
    scale
        .ticks()
        .forEach(
            times -> {
              double x = x(times * scale.least());
              svg.line("grid", x, top - 4, x, bottom);
              String label = String.format(Locale.ROOT, "%.0f ×", times);
              svg.textAround("muted", x, top - 9, 40, SMALL, label);
            });
  }

  private void row(String server, int y) {
    double value = cpu(server);
    svg.textBefore("name", LEFT - GAP, y + 10, LEFT - GAP - Chart.MARGIN, TEXT, server);
    svg.rect(style(server), LEFT, y, x(value) - LEFT, BAR);
    if (scale.cuts(value)) {
      broken(svg, RIGHT - 20, y);
      String times = times(value / scale.least());
      number(RIGHT, y, MULTIPLE + GAP, value);
      svg.textBefore("muted", EDGE, y + 10, MULTIPLE, TEXT, times);
    } else {
      number(spread(server, y), y, 0, value);
    }
  }

  private static String times(double multiple) {
    return String.format(Locale.ROOT, multiple < 10 ? "%.1f ×" : "%,.0f ×", multiple);
  }

  private static String style(String server) {
    if (server.equals(Contender.FLOOR)) {
      return "floor";
    }
    return Contender.isOurs(server) ? "ours" : "theirs";
  }

  /** Behind x, as far as the edge but for what comes last. */
  private void number(double x, int y, int last, double value) {
    svg.text("number", x + GAP, y + 10, EDGE - last - x - GAP, TEXT, Report.number(value));
  }

  /** From the lowest round to the highest, an arrow if that is beyond; returns what is farthest. */
  private double spread(String server, int y) {
    double highest = results.highest(workload.name(), server);
    double from = x(results.lowest(workload.name(), server));
    double to = x(highest);
    double middle = y + BAR / 2.0;
    svg.line("spread", from, middle, to, middle);
    if (!scale.cuts(highest)) {
      return to;
    }
    double tip = to + 5;
    svg.polygon("spread", to, middle - 3, tip, middle, to, middle + 3);
    return tip;
  }

  /** The mark of a bar that goes on beyond its end: two gaps across it. */
  static void broken(Svg svg, double x, int y) {
    gap(svg, x, y);
    gap(svg, x + 8, y);
  }

  private static void gap(Svg svg, double x, int y) {
    svg.polygon("ground", x, y + BAR + 1, x + 4, y + BAR + 1, x + 8, y - 1, x + 4, y - 1);
  }

  private double x(double value) {
    return LEFT + scale.part(value) * (RIGHT - LEFT);
  }
}
