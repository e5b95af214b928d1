package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodTest {
  @ParameterizedTest
  @CsvSource({
    "GET, true, true",
    "HEAD, true, true",
    "OPTIONS, true, true",
    "TRACE, true, true",
    "PUT, false, true",
    "DELETE, false, true",
    "POST, false, false",
    "PATCH, false, false",
    "CONNECT, false, false",
    "PROPFIND, false, false",
  })
  void knowsWhatMayBeRepeated(String name, boolean safe, boolean idempotent) {
    Method method = Method.of(name);

    assertThat(method.name()).isEqualTo(name);
    assertThat(method.isSafe()).isEqualTo(safe);
    assertThat(method.isIdempotent()).isEqualTo(idempotent);
    assertThat(method).hasToString(name);
  }

  @Test
  void isComparedByNameWithCase() {
    assertThat(Method.of("GET")).isSameAs(Method.GET);
    assertThat(Method.of("get")).isNotEqualTo(Method.GET);
    assertThat(Method.of("PURGE")).isEqualTo(Method.of("PURGE"));
    assertThat(Method.of("PURGE")).hasSameHashCodeAs(Method.of("PURGE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GE T", "GET ", "G\r\nT", "G/T", "G\u00cbT"})
  void refusesWhatIsNoToken(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Method.of(name));
  }
}
