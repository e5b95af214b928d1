package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @Test
  void withoutOptionsEverythingIsMeasured() {
    Settings settings = Settings.parse(new String[0]);

    assertThat(settings.contenders()).isEqualTo(Contender.ALL);
    assertThat(settings.workloads()).isEqualTo(Workload.ALL);
    assertThat(settings.out()).isEqualTo(settings.root().resolve("target/bench"));
    assertThat(settings.idle()).isEqualTo(10_000);
  }

  @Test
  void eachNumberGoesToItsOwnPlace() {
    Settings settings =
        parse("--rounds 5 --seconds 6 --warm-up 7 --start-ups 8 --idle 9".split(" "));

    assertThat(settings.rounds()).isEqualTo(5);
    assertThat(settings.seconds()).isEqualTo(6);
    assertThat(settings.warmUpSeconds()).isEqualTo(7);
    assertThat(settings.startUps()).isEqualTo(8);
    assertThat(settings.idle()).isEqualTo(9);
  }

  @Test
  void anOptionLeavesTheOthersAsTheyWere() {
    Settings settings =
        parse("--idle", "5", "--servers", "netty", "--workloads", "json", "--rounds", "2");

    assertThat(settings.idle()).isEqualTo(5);
    assertThat(settings.rounds()).isEqualTo(2);
    assertThat(settings.contenders()).extracting(Contender::name).containsExactly("netty");
    assertThat(settings.workloads()).extracting(Workload::name).containsExactly("json");
  }

  @Test
  void serversAndWorkloadsStandInTheOrderTheyWereNamedIn() {
    Settings settings = parse("--servers", "nginx,netty", "--workloads", "h2c,plaintext");

    assertThat(settings.contenders()).extracting(Contender::name).containsExactly("nginx", "netty");
    assertThat(settings.workloads()).extracting(Workload::name).containsExactly("h2c", "plaintext");
  }

  @Test
  void noneIsNobody() {
    assertThat(parse("--servers", "none").contenders()).isEmpty();
    assertThat(parse("--workloads", "none").workloads()).isEmpty();
  }

  @Test
  void whatIsOnlyAnExtraCanBeLeftOut() {
    assertThat(parse("--idle", "0").idle()).isZero();
    assertThat(parse("--start-ups", "0").startUps()).isZero();
  }

  @Test
  void theFolderIsAbsoluteAsServersRunElsewhere(@TempDir Path folder) {
    assertThat(parse("--out", folder.toString()).out()).isEqualTo(folder);
    assertThat(parse("--out", "new/folder").out())
        .isEqualTo(Path.of("new/folder").toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--round", "rounds", "", "--help"})
  void anOptionThatIsNoneIsNamedWithThoseThereAre(String option) {
    refuses(option, "1").startsWith("unknown option " + option + ";").endsWith(Settings.USAGE);
    refuses(option).startsWith("unknown option " + option + ";").endsWith(Settings.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--servers", "--workloads", "--rounds", "--idle", "--out"})
  void anOptionWithoutItsValueIsNamed(String option) {
    refuses("--seconds", "1", option).startsWith(option + " lacks a value;");
    refuses(option, "").startsWith(option + " lacks a value;");
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, many, 1",
    "--rounds, 0, 1",
    "--rounds, -1, 1",
    "--rounds, 1.5, 1",
    "--seconds, 0, 1",
    "--warm-up, 0, 1",
    "--start-ups, -2, 0",
    "--idle, 3000000000, 0",
    "--idle, 99999999999, 0",
  })
  void aNumberThatCannotBeIsNamedWithWhatCan(String option, String value, int least) {
    refuses(option, value)
        .isEqualTo("%s needs a number from %d to 1000000, not %s", option, least, value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "--servers nety nety runnel-kotlin",
        "--servers netty,nety nety runnel-kotlin",
        "--servers netty,none none runnel-kotlin",
        "--servers netty, '' runnel-kotlin",
        "--workloads netty netty routes",
      })
  void aNameThatNobodyHasIsNamedWithThoseThereAre(
      String option, String value, String wrong, String there) {
    refuses(option, value).startsWith(option + ": there is no '" + wrong + "' among [" + there);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"--servers netty,jooby,netty netty", "--workloads json,json json"})
  void aNameThatStandsTwiceIsNamed(String option, String value, String twice) {
    refuses(option, value).isEqualTo(option + " has " + twice + " twice");
  }

  @Test
  void aFileIsNoFolderToWriteTo(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    refuses("--out", file.toString()).isEqualTo("--out needs a folder, not the file " + file);
  }

  private static Settings parse(String... args) {
    return Settings.parse(args);
  }

  private static AbstractStringAssert<?> refuses(String... args) {
    Throwable thrown = catchThrowable(() -> Settings.parse(args));
    return assertThat(thrown)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("\n");
  }
}
