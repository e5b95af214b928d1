package dev.runnel.benchmarks.bench;

import java.util.List;

/** CPU time as bars, a block for each workload; readable on light and dark pages. */
final class Chart {
  static final int WIDTH = 800;
  static final int MARGIN = 20;

  /** How far down the colours are said. */
  private static final int LEGEND = 72;

  private static final List<String> SHOWN =
      List.of("plaintext", "pipelined", "json", "h2c", "h2-tls", "sse-fanout", "ws-echo");

  /**
   * The ground is ours too: an image is told what the reader's system prefers, and not what the
   * page that it stands in looks like.
   */
  private static final String STYLE =
      """
      text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
      .ground { fill: #ffffff; }
      .bold { font-weight: 600; }
      .muted { fill: #59636e; }
      .ours { fill: #0969da; }
      .theirs { fill: #a7b1bd; }
      .floor { fill: none; stroke: #7d8894; stroke-dasharray: 3 2; }
      .axis { stroke: #7d8894; }
      .grid { stroke: #e3e7eb; }
      .spread { stroke: #1f2328; fill: #1f2328; opacity: 0.65; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .ground { fill: #0d1117; }
        .muted { fill: #9198a1; }
        .ours { fill: #2f81f7; }
        .theirs { fill: #57606a; }
        .floor { stroke: #8b949e; }
        .axis { stroke: #6e7681; }
        .grid { stroke: #262c34; }
        .spread { stroke: #e6edf3; fill: #e6edf3; }
      }
      """;

  private final Settings settings;
  private final Results results;

  Chart(Settings settings, Results results) {
    this.settings = settings;
    this.results = results;
  }

  String svg() {
    Svg svg = new Svg();
    int y = head(svg);
    for (Workload workload : Workload.ALL) {
      if (SHOWN.contains(workload.name()) && isMeasured(workload)) {
        y = new ChartBlock(svg, results, workload, settings.contenders()).draw(y);
      }
    }
    return svg.document(WIDTH, y, "CPU time of servers, by workload", STYLE);
  }

  private boolean isMeasured(Workload workload) {
    return !results.ranked(workload.name(), settings.contenders()).isEmpty();
  }

  private int head(Svg svg) {
    int room = WIDTH - 2 * MARGIN;
    String what =
        "In microseconds of its process: less is better. Median of the rounds ("
            + settings.rounds()
            + "), a thin line from the lowest to the highest.";
    svg.text("bold", MARGIN, 34, room, 18, "CPU time that a server takes");
    svg.text("muted", MARGIN, 56, room, 12, what);
    legend(svg, MARGIN, "ours", 60, "Runnel");
    legend(svg, 120, "theirs", 60, "others");
    legend(svg, 220, "floor", 250, "floor: no server, only the transport");
    legend(svg, 530, "theirs", 220, "goes on beyond the scale");
    ChartBlock.broken(svg, 534, LEGEND);
    return LEGEND + 34;
  }

  private static void legend(Svg svg, int x, String style, int room, String text) {
    svg.rect(style, x, LEGEND, 24, ChartBlock.BAR);
    svg.text("muted", x + 31, LEGEND + 10, room, 12, text);
  }
}
