package dev.runnel.conformance.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.internal.h1.RawCase;
import dev.runnel.engine.internal.h1.RawRequestCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The target over everything that is known: what the fuzzer once found stays found. */
class RequestSeedsTest {
  static List<Path> seeds() throws IOException {
    return Seeds.files();
  }

  static List<RawCase> cases() {
    return RawRequestCases.all();
  }

  @Test
  void thereAreSeeds() throws IOException {
    assertThat(seeds()).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void holdsForSeeds(Path seed) throws IOException {
    RequestFuzzTarget.fuzzerTestOneInput(Files.readAllBytes(seed));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void holdsForCases(RawCase raw) {
    RequestFuzzTarget.fuzzerTestOneInput(raw.bytes().toByteArray());
  }
}
