package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
  private final Results results = new Results();

  @Test
  void aRowHasTheMediansTheSpreadAndTheRatioToTheBase() {
    Samples.add(results, "json", "netty", 4, 6, 5);
    Samples.add(results, "json", "jooby", 8, 18, 5);

    assertThat(lines("json"))
        .contains(
            "### json",
            "| server | CPU µs per request | lowest to highest | × netty (middle half) | requests/s | × netty |"
                + " p50 µs | p99 µs | p99.9 µs | bytes allocated per request |",
            "| netty | 5.00 | 4.00 to 6.00 | 1.00 (1.00 to 1.00) | 1,000 | 1.00 | 100 | 200 | 300 | 512 |",
            "| jooby | 8.00 | 5.00 to 18.0 | 2.00 (1.00 to 3.00) | 1,000 | 1.00 | 100 | 200 | 300 | 512 |");
  }

  @Test
  void whoTakesLeastComesFirst() {
    Samples.add(results, "json", "runnel-java", 7);
    Samples.add(results, "json", "netty", 9);
    Samples.add(results, "json", "jooby", 5);

    assertThat(lines("json").stream().filter(line -> line.contains("1,000 |")))
        .extracting(line -> line.split(" ", -1)[1])
        .containsExactly("jooby", "runnel-java", "netty");
  }

  @Test
  void everyRowHasACellForEachHead() {
    Samples.add(results, "json", "netty", 5);
    results.startUp("netty", 900);
    long heads = 0;
    for (String line : lines("json")) {
      long cells = line.chars().filter(c -> c == '|').count();
      boolean inTable = heads > 0 && cells > 0;
      if (inTable) {
        assertThat(cells).as(line).isEqualTo(heads);
      }
      heads = cells;
    }
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    results.add(new Sample("json", "jooby", 1, 8, 1_000, -1, 100, 0, 0));

    assertThat(lines("json"))
        .as("no base, no tail, nothing known of the heap")
        .contains("| jooby | 8.00 | 8.00 to 8.00 | – | 1,000 | – | 100 | – | – | – |");
    assertThat(lines("json")).contains("| jooby | – | – | – |", "| nginx | – | – | – |");
  }

  @Test
  void theProcessHasStartMemoryAndIdleConnections() {
    results.startUp("netty", 1_234);
    results.resident("netty", 400L << 20);
    results.idle("netty", 2_048);

    assertThat(lines("none")).contains("| netty | 1,234 | 400 | 2,048 |");
  }

  @Test
  void aRateOfMebibytesIsNotInMebibytess() {
    Samples.add(results, "download-file", "netty", 5);

    assertThat(text("download-file"))
        .contains("| CPU µs per MiB |", "| MiB/s |", "| bytes allocated per MiB |");
  }

  @Test
  void aWorkloadThatNobodyWasAskedHasNoTable() {
    Samples.add(results, "json", "netty", 5);

    assertThat(text("json,h2c")).contains("### json").doesNotContain("### h2c");
  }

  @Test
  void whoCouldNotIsNamedBelowTheTable() {
    Samples.add(results, "h2c", "netty", 5);
    results.unable("h2c", "jooby");
    results.unable("h2c", "ktor-cio");

    assertThat(lines("h2c"))
        .contains(
            "Without a figure, as they do not do it or answered with errors: jooby, ktor-cio.");
  }

  @Test
  void aWorkloadThatNobodyCouldDoIsNotPassedOver() {
    results.unable("h2c", "jooby");

    assertThat(lines("h2c"))
        .contains(
            "### h2c", "Without a figure, as they do not do it or answered with errors: jooby.")
        .noneMatch(line -> line.contains("CPU µs"));
  }

  @Test
  void whoFailedInARoundHasAFigureOfTheOthersAndItIsSaid() {
    Samples.add(results, "h2c", "netty", 5, 6);
    results.unable("h2c", "netty");

    assertThat(text("h2c"))
        .contains("| netty | 5.50 |")
        .contains("Of fewer rounds, as in some they had errors: netty.")
        .doesNotContain("Without a figure");
  }

  @Test
  void whoWasNotThereIsNamedWithTheReason() {
    results.missing("h2o", "not installed or not built");

    assertThat(lines("none")).contains("Not measured: h2o (not installed or not built).");
  }

  @Test
  void whatEachDoesIsThere() {
    assertThat(lines("none"))
        .contains("| nginx | C; Date, Server; a fixed answer |")
        .contains("| runnel-java | Date; router, limits, deadlines |");
  }

  @Test
  void theTextIsTheSameWhenAskedAgain() {
    Samples.add(results, "json", "netty", 5);
    Report report = new Report(Samples.settings(), results);

    assertThat(report.text()).isEqualTo(report.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "0 0.00",
        "0.376 0.38",
        "9.994 9.99",
        "9.996 10.0",
        "10 10.0",
        "99.94 99.9",
        "99.96 100",
        "999.4 999",
        "1234.5 1,235",
        "1141000 1,141,000",
      })
  void aNumberHasThreeDigitsThatCount(double value, String written) {
    assertThat(Report.number(value)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, -0.001})
  void whatIsNoMeasureIsADash(double value) {
    assertThat(Report.number(value)).isEqualTo("–");
  }

  private String text(String workloads) {
    return new Report(Samples.settings("--workloads", workloads), results).text();
  }

  private List<String> lines(String workloads) {
    return text(workloads).lines().toList();
  }
}
