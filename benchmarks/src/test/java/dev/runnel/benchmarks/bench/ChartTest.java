package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ChartTest {
  /** A bar in the head says what each colour is. */
  private static final int IN_THE_LEGEND = 1;

  /** Gaps across a bar that is broken. */
  private static final int GAPS = 2;

  private final Results results = new Results();

  @Test
  void whoTakesLeastComesFirst() {
    measure("json", "netty", 9);
    measure("json", "runnel-java", 7);
    measure("json", "jooby", 8);

    assertThat(chart().texts("name")).containsExactly("runnel-java", "jooby", "netty");
    assertThat(chart().texts("number")).containsExactly("7.00", "8.00", "9.00");
  }

  @Test
  void blocksStandInTheOrderOfTheWorkloads() {
    for (String workload : List.of("ws-echo", "h2-tls", "plaintext", "sse-fanout", "pipelined")) {
      measure(workload, "netty", 5);
    }
    measure("h2c", "netty", 5);
    measure("json", "netty", 5);

    assertThat(chart().texts("bold").stream().skip(1))
        .containsExactly(
            "plaintext", "pipelined", "json", "h2c", "h2-tls", "sse-fanout", "ws-echo");
  }

  @Test
  void aWorkloadWithoutAFigureHasNoBlock() {
    measure("json", "netty", 5);
    results.unable("h2c", "netty");

    assertThat(chart().texts("bold").stream().skip(1)).containsExactly("json");
  }

  @Test
  void barsAreAsLongAsTheirFigures() {
    measure("json", "netty", 2);
    measure("json", "jooby", 3);
    measure("json", "vertx-core", 8);

    double[] widths = widths("theirs");
    assertThat(widths[1] / widths[0]).isCloseTo(1.5, within(0.01));
    assertThat(widths[2] / widths[0]).isCloseTo(4, within(0.01));
    assertThat(chart().all("polygon")).as("only the legend's is broken").hasSize(GAPS);
    assertThat(rule()).isEqualTo("CPU µs per request. The scale ends with the longest bar.");
  }

  @Test
  void aBarThatGoesOnIsBrokenAndHasItsNumbers() {
    measure("json", "netty", 5);
    measure("json", "jooby", 20);
    measure("json", "webflux", 300);
    measure("json", "javalin", 1_500);

    double[] widths = widths("theirs");
    assertThat(widths[1] / widths[0]).as("others keep their proportion").isEqualTo(4);
    assertThat(widths[2] / widths[0]).isEqualTo(5);
    assertThat(widths[3] / widths[0]).isEqualTo(5);
    assertThat(chart().all("polygon", "ground")).hasSize(3 * GAPS);
    assertThat(chart().texts("number")).containsExactly("5.00", "20.0", "300", "1,500");
    assertThat(chart().texts("muted")).contains("60 ×", "300 ×").doesNotContain("4.0 ×");
  }

  @Test
  void theScalesRuleIsSaid() {
    measure("json", "netty", 5);
    measure("json", "webflux", 300);

    assertThat(rule())
        .isEqualTo(
            "CPU µs per request. The scale ends at 25.0: 5 × the lowest server. Broken bars go on.");
  }

  @Test
  void theFloorIsNoServerThatTheScaleGoesBy() {
    measure("json", "floor", 0.1);
    measure("json", "netty", 5);
    measure("json", "webflux", 300);

    assertThat(rule()).contains("at 25.0: 5 ×");
    assertThat(chart().all("rect", "floor")).hasSize(1 + IN_THE_LEGEND);
  }

  @Test
  void oursAndTheirsDifferInColour() {
    measure("json", "runnel-java", 5);
    measure("json", "runnel-kotlin", 6);
    measure("json", "netty", 7);

    assertThat(chart().all("rect", "ours")).hasSize(2 + IN_THE_LEGEND);
    // The legend has the broken bar, too.
    assertThat(chart().all("rect", "theirs")).hasSize(1 + IN_THE_LEGEND + 1);
  }

  @Test
  void theSpreadOfTheRoundsIsALine() {
    Samples.add(results, "json", "netty", 4, 5, 8);
    Samples.add(results, "json", "jooby", 10);

    Element line = chart().all("line", "spread").get(0);
    double bar = widths("theirs")[0];
    assertThat(Picture.number(line, "x2") - Picture.number(line, "x1"))
        .isCloseTo(bar * (8 - 4) / 5, within(0.5));
  }

  @Test
  void aSpreadBeyondTheScaleEndsInAnArrow() {
    Samples.add(results, "json", "netty", 5);
    Samples.add(results, "json", "jooby", 10, 10, 90);
    Samples.add(results, "json", "webflux", 300);

    assertThat(chart().all("polygon", "spread")).hasSize(1);
    chart().assertInside();
  }

  @Test
  void whoCouldNotIsNamed() {
    measure("h2c", "netty", 5);
    results.unable("h2c", "jooby");
    results.unable("h2c", "ktor-cio");
    results.unable("h2c", "netty");

    assertThat(chart().texts("muted")).contains("No figure: jooby, ktor-cio");
  }

  @Test
  void namesAreNotTakenForMarkup() {
    String name = "<a & \"b\">";
    measure("json", name, 5);

    assertThat(chart(List.of(contender(name))).texts("name")).containsExactly(name);
  }

  @Test
  void longNamesAndNumbersStayInside() {
    List<Contender> many =
        IntStream.range(0, 18)
            .mapToObj(i -> contender("WWW-a-server-with-a-name-as-long-as-its-feature-list-" + i))
            .toList();
    for (Workload workload : Workload.ALL) {
      for (int i = 0; i < many.size(); i++) {
        measure(workload.name(), many.get(i).name(), Math.pow(10, i) / 3);
      }
      results.unable(workload.name(), "floor");
    }

    Picture chart = chart(many);

    assertThat(chart.texts("name")).hasSize(7 * 18);
    chart.assertInside();
  }

  @Test
  void allWhoFailedAreNamedInside() {
    measure("json", "netty", 5);
    Contender.ALL.forEach(contender -> results.unable("json", contender.name()));

    chart().assertInside();
  }

  @Test
  void whatWasTooLittleToMeasureHasABarOfNoLength() {
    measure("json", "netty", 0);
    measure("json", "jooby", 0);
    measure("h2c", "netty", 0);
    measure("h2c", "jooby", 5);

    assertThat(widths("theirs")).startsWith(0, 0, 0);
    chart().assertInside();
  }

  @Test
  void theFloorAloneIsDrawnToo() {
    measure("json", "floor", 5);

    assertThat(chart().texts("name")).containsExactly("floor");
    chart().assertInside();
  }

  @Test
  void beforeAnythingWasMeasuredItIsAPictureToo() {
    assertThat(chart().texts("name")).isEmpty();
    chart().assertInside();
  }

  @Test
  void itBringsItsOwnGroundForLightAndDark() {
    Picture chart = chart();
    Element ground = chart.all("rect", "ground").get(0);

    assertThat(Picture.number(ground, "width")).isEqualTo(Chart.WIDTH);
    assertThat(Picture.number(ground, "height")).isEqualTo(chart.height());
    String style = chart.all("style").get(0).getTextContent();
    String dark = style.substring(style.indexOf("@media (prefers-color-scheme: dark)"));
    for (String one : List.of("text", "ground", "muted", "ours", "theirs", "floor", "spread")) {
      assertThat(style.substring(0, style.indexOf("@media"))).contains(one + " {");
      assertThat(dark).contains(one + " {");
    }
  }

  private void measure(String workload, String server, double cpuMicros) {
    Samples.add(results, workload, server, cpuMicros);
  }

  private Picture chart() {
    return chart(Contender.ALL);
  }

  private Picture chart(List<Contender> contenders) {
    return Picture.of(new Chart(Samples.settings(contenders), results).svg());
  }

  private String rule() {
    return chart().texts("muted").stream()
        .filter(text -> text.contains("The scale ends"))
        .findFirst()
        .orElseThrow();
  }

  /** Without those of the legend, which come first. */
  private double[] widths(String style) {
    return chart().all("rect", style).stream()
        .skip(2)
        .mapToDouble(bar -> Picture.number(bar, "width"))
        .toArray();
  }

  private static Contender contender(String name) {
    return new Contender(name, Contender.Kind.JVM, "", "", "");
  }
}
