package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {
  @Test
  void knownCodesAreShared() {
    assertThat(Status.of(404)).isSameAs(Status.NOT_FOUND);
    assertThat(Status.NOT_FOUND).hasToString("404 Not Found");
  }

  @Test
  void otherCodesHaveNoPhrase() {
    Status teapot = Status.of(418);

    assertThat(teapot).isEqualTo(Status.of(418)).hasSameHashCodeAs(Status.of(418));
    assertThat(teapot).isNotEqualTo(Status.of(419)).hasToString("418");
    assertThat(teapot.reason()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99, 600, 1000, Integer.MAX_VALUE})
  void refusesOtherNumbers(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Status.of(code))
        .withMessageContaining(Integer.toString(code));
  }

  @ParameterizedTest
  @CsvSource({
    "100, true, false, true",
    "199, true, false, true",
    "200, false, false, false",
    "204, false, false, true",
    "205, false, false, false",
    "304, false, false, true",
    "399, false, false, false",
    "400, false, true, false",
    "599, false, true, false",
  })
  void sortsCodes(int code, boolean informational, boolean error, boolean forbidsBody) {
    Status status = Status.of(code);

    assertThat(status.code()).isEqualTo(code);
    assertThat(status.isInformational()).isEqualTo(informational);
    assertThat(status.isError()).isEqualTo(error);
    assertThat(status.forbidsBody()).isEqualTo(forbidsBody);
  }

  @Test
  void phrasesCannotForgeFields() {
    for (int code = 100; code < 600; code++) {
      String reason = Status.of(code).reason();
      assertThat(Tokens.requireFieldValue("reason", reason)).isEqualTo(reason);
    }
  }
}
