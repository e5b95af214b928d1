package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private final Results results = new Results();

  @Test
  void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
    Samples.add(results, "json", "netty", 9, 1, 5);

    assertThat(cpu("json", "netty")).isEqualTo(5);
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    Samples.add(results, "json", "netty", 8, 1, 4, 100);

    assertThat(cpu("json", "netty")).isEqualTo(6);
  }

  @Test
  void oneRoundIsItsOwnMedian() {
    Samples.add(results, "json", "netty", 3);

    assertThat(cpu("json", "netty")).isEqualTo(3);
  }

  @Test
  void aMedianIsOfOneWorkloadAndOneServer() {
    Samples.add(results, "json", "netty", 1);
    Samples.add(results, "json", "jooby", 2);
    Samples.add(results, "plaintext", "netty", 3);

    assertThat(cpu("json", "netty")).isEqualTo(1);
    assertThat(cpu("json", "jooby")).isEqualTo(2);
    assertThat(cpu("plaintext", "netty")).isEqualTo(3);
  }

  @Test
  void whatWasNotMeasuredIsNoNumber() {
    Samples.add(results, "json", "netty", 1);

    assertThat(cpu("json", "jooby")).isNaN();
    assertThat(cpu("h2c", "netty")).isNaN();
    assertThat(results.ratio("json", "jooby", "netty", Sample::cpuMicros)).isNaN();
    assertThat(results.ratio("json", "netty", "jooby", Sample::cpuMicros)).isNaN();
    assertThat(results.startUp("netty")).isNaN();
    assertThat(results.idle("netty")).isNaN();
    assertThat(results.resident("netty")).isNaN();
    assertThat(results.lowest("json", "jooby")).isNaN();
    assertThat(results.highest("json", "jooby")).isNaN();
  }

  @Test
  void theSpreadIsFromTheLowestRoundToTheHighest() {
    Samples.add(results, "json", "netty", 4, 2, 9);

    assertThat(results.lowest("json", "netty")).isEqualTo(2);
    assertThat(results.highest("json", "netty")).isEqualTo(9);
  }

  @Test
  void aRatioIsOfTheSameRound() {
    // The machine was ten times as slow in the second round, for both.
    Samples.add(results, "json", "netty", 1, 10, 2);
    Samples.add(results, "json", "jooby", 2, 20, 8);

    assertThat(results.ratio("json", "jooby", "netty", Sample::cpuMicros)).isEqualTo(2);
    assertThat(results.ratio("json", "netty", "netty", Sample::cpuMicros)).isEqualTo(1);
  }

  @Test
  void aRoundThatOneOfTheTwoLacksHasNoRatio() {
    results.add(Samples.sample("json", "netty", 1, 1));
    results.add(Samples.sample("json", "netty", 3, 4));
    results.add(Samples.sample("json", "jooby", 2, 100));
    results.add(Samples.sample("json", "jooby", 3, 12));

    assertThat(results.ratio("json", "jooby", "netty", Sample::cpuMicros)).isEqualTo(3);
  }

  @Test
  void aRoundWithoutATickOfCpuTimeHasNoRatio() {
    Samples.add(results, "json", "netty", 0, 2);
    Samples.add(results, "json", "jooby", 5, 6);

    assertThat(results.ratio("json", "jooby", "netty", Sample::cpuMicros)).isEqualTo(3);
  }

  @Test
  void aRatioIsOfWhatIsAskedFor() {
    results.add(new Sample("json", "netty", 1, 5, 1_000, 512, 100, 200, 300));
    results.add(new Sample("json", "jooby", 1, 5, 1_500, 512, 100, 200, 300));

    assertThat(results.ratio("json", "jooby", "netty", Sample::perSecond)).isEqualTo(1.5);
  }

  @Test
  void theMiddleHalfLeavesAQuarterOutAtBothEnds() {
    Samples.add(results, "json", "netty", 1, 1, 1, 1, 1, 1, 1, 1);
    Samples.add(results, "json", "jooby", 90, 3, 6, 0.1, 4, 5, 80, 0.2);

    assertThat(results.middleHalf("json", "jooby", "netty", Sample::cpuMicros))
        .containsExactly(3, 6);
    assertThat(results.middleHalf("json", "helidon", "netty", Sample::cpuMicros)).isEmpty();
  }

  @Test
  void ofThreeRoundsTheMiddleHalfIsAll() {
    Samples.add(results, "json", "netty", 1, 1, 1);
    Samples.add(results, "json", "jooby", 3, 2, 4);

    assertThat(results.middleHalf("json", "jooby", "netty", Sample::cpuMicros))
        .containsExactly(2, 4);
  }

  @Test
  void startsAreTheirMedianTheRestTheLast() {
    results.startUp("netty", 900);
    results.startUp("netty", 1_500);
    results.startUp("netty", 1_000);
    results.idle("netty", 2_048);
    results.resident("netty", 1);
    results.resident("netty", 4_096);

    assertThat(results.startUp("netty")).isEqualTo(1_000);
    assertThat(results.idle("netty")).isEqualTo(2_048);
    assertThat(results.resident("netty")).isEqualTo(4_096);
  }

  @Test
  void whoFailedIsRememberedForThatWorkload() {
    results.unable("h2c", "ktor-cio");
    results.unable("h2c", "jooby");

    assertThat(results.failed("h2c", Contender.ALL)).containsExactly("jooby", "ktor-cio");
    assertThat(results.failed("json", Contender.ALL)).isEmpty();
  }

  @Test
  void onlyThoseWithAFigureAreRanked() {
    Samples.add(results, "json", "netty", 9, 5, 6);
    Samples.add(results, "json", "jooby", 1, 7, 8);
    Samples.add(results, "h2c", "vertx-web", 1);

    assertThat(results.ranked("json", Contender.ALL)).containsExactly("netty", "jooby");
  }

  @Test
  void theFileHasEverySampleAndWhatWasRun(@TempDir Path folder) throws IOException {
    Samples.add(results, "json", "netty", 1.25, 2.5);
    results.startUp("netty", 900);
    results.missing("h2o", "not installed");
    results.unable("h2c", "jooby");
    results.unable("h2c", "jooby");
    Path file = folder.resolve("results.json");

    results.write(file, Samples.settings("--rounds", "2", "--seconds", "7"));

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("rounds").asInt()).isEqualTo(2);
    assertThat(json.path("secondsEach").asInt()).isEqualTo(7);
    assertThat(json.path("samples")).hasSize(2);
    JsonNode second = json.path("samples").path(1);
    assertThat(second.path("server").asText()).isEqualTo("netty");
    assertThat(second.path("round").asInt()).isEqualTo(2);
    assertThat(second.path("cpuMicros").asDouble()).isCloseTo(2.5, within(1e-9));
    assertThat(json.at("/startUpMillis/netty/0").asDouble()).isEqualTo(900);
    assertThat(json.at("/missing/h2o").asText()).isEqualTo("not installed");
    assertThat(json.path("unable")).as("once, however many rounds failed").hasSize(1);
  }

  private double cpu(String workload, String server) {
    return results.median(workload, server, Sample::cpuMicros);
  }
}
