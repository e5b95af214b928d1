package dev.runnel.testkit.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.mutants.Bout.Verdict;
import dev.runnel.testkit.suite.QuietLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The suite of the harness notices every bug of the catalogue. What noticed which stands in {@code
 * target/mutants.txt} afterwards.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MutantsTest {
  private static final Path REPORT = Path.of("target", "mutants.txt");

  private final List<String> report = new ArrayList<>();
  private final QuietLogs logs = new QuietLogs();

  @BeforeAll
  void begin() {
    logs.begin();
  }

  @AfterAll
  void end() throws IOException {
    logs.end();
    Files.createDirectories(REPORT.getParent());
    Files.write(REPORT, report);
  }

  static List<Mutant> mutants() {
    return Catalogue.all();
  }

  @Test
  void theCatalogueHasItsSize() {
    assertThat(Catalogue.all()).hasSizeGreaterThanOrEqualTo(24);
    assertThat(Catalogue.all()).extracting(Mutant::bug).doesNotHaveDuplicates();
  }

  @Test
  void withoutABugEveryScenarioPasses() {
    Verdict verdict = Bout.of(null);
    assertThat(verdict.ran()).isGreaterThan(50);
    assertThat(verdict.failures()).as("scenarios that fail without a bug").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void everyBugIsNoticed(Mutant mutant) {
    Verdict verdict = Bout.of(mutant);
    report.add(verdict.toText(mutant));
    assertThat(verdict.failures()).as("scenarios that notice %s", mutant).isNotEmpty();
    assertThat(verdict.stuck())
        .as("a scenario that had to be given up by the wall clock, against %s", mutant)
        .isNull();
  }
}
