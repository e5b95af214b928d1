package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
  private static Headers accept(String value) {
    return Headers.of("Accept", value);
  }

  /** The example of RFC 9110 12.5.1. */
  @ParameterizedTest
  @CsvSource({
    "text/plain;format=flowed, 1",
    "text/plain, 0.7",
    "text/html, 0.3",
    "image/jpeg, 0.5",
    "text/plain;format=fixed, 0.4",
    "text/html;level=3, 0.3",
  })
  void followsTheExampleOfTheRfc(String type, double expected) {
    Headers headers =
        accept(
            "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed,"
                + " text/plain;format=fixed;q=0.4, */*;q=0.5");

    assertThat(MediaType.quality(headers, MediaType.parse(type))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "application/json | 1",
        "application/json;q=1.000 | 1",
        "application/json;q=0.001 | 0.001",
        "application/json;q=0. | 0",
        "application/json ; Q=0.25 | 0.25",
        "application/json;q=0 | 0",
        "text/html | 0",
        "*/*;q=0.1, application/json;q=0 | 0",
        "application/json;q=0, */* | 0",
        "application/*;q=0.2, */*;q=0.9 | 0.2",
        "application/json;q=0.2, application/json;q=0.8 | 0.8",
        "application/json;charset=utf-8;q=0.6, application/json;q=0.3 | 0.6",
        "application/json;q=0.5;ext=1 | 0.5",
        "application/json;v=\"a,b\";q=0.9, application/json;q=0.4 | 0.4",
        // malformed members are ignored
        "application/json;q=0.1234, */*;q=0.3 | 0.3",
        "application/json;q=1.001, */*;q=0.3 | 0.3",
        "application/json;q=2, */*;q=0.3 | 0.3",
        "application/json;q=-0, */*;q=0.3 | 0.3",
        "application/json;q=, */*;q=0.3 | 0.3",
        "application/json;q=., */*;q=0.3 | 0.3",
        "application/json;q=0.a, */*;q=0.3 | 0.3",
        "application/json;q, */*;q=0.3 | 0.3",
        "*/json, , /, */*;q=0.3 | 0.3",
        "text/html, nonsense | 0",
        // and where nothing else is left, there is no wish
        "nonsense | 1",
        "'' | 1",
        ", | 1",
        // what java.net.HttpURLConnection sends
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2 | 0.2",
        "* | 1",
      })
  void weighs(String value, double expected) {
    assertThat(MediaType.quality(accept(value), MediaType.JSON)).isEqualTo(expected);
    assertThat(MediaType.accepts(accept(value), "application/json")).isEqualTo(expected > 0);
  }

  @Test
  void withoutAcceptEverythingGoes() {
    assertThat(MediaType.accepts(Headers.EMPTY, "text/event-stream")).isTrue();
    assertThat(MediaType.quality(Headers.EMPTY, MediaType.NDJSON)).isEqualTo(1);
    assertThat(MediaType.best(Headers.EMPTY, List.of(MediaType.HTML, MediaType.JSON)))
        .isSameAs(MediaType.HTML);
  }

  @Test
  void allLinesCount() {
    Headers headers = Headers.of("Accept", "text/html", "X", "y", "accept", "application/json");

    assertThat(MediaType.accepts(headers, "application/json")).isTrue();
    assertThat(MediaType.accepts(headers, "text/html")).isTrue();
    assertThat(MediaType.accepts(headers, "text/plain")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json, text/html | application/json",
        "text/html, application/json | application/json",
        "text/html, application/json;q=0.9 | text/html",
        "*/* | application/json",
        "text/* | text/html",
        "*/*, application/json;q=0 | text/html",
        "*/*;q=0.5, application/x-ndjson | application/x-ndjson",
      })
  void picksTheBestInServerOrder(String value, String expected) {
    List<MediaType> offered = List.of(MediaType.JSON, MediaType.HTML, MediaType.NDJSON);

    assertThat(MediaType.best(accept(value), offered)).hasToString(expected);
  }

  @Test
  void picksNothingWhenNothingIsWanted() {
    assertThat(MediaType.best(accept("image/png"), List.of(MediaType.JSON))).isNull();
    assertThat(MediaType.best(accept("*/*;q=0"), List.of(MediaType.JSON))).isNull();
    assertThat(MediaType.best(accept("*/*"), List.of())).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "json", "a/b\r\n"})
  void asksForRealMediaTypes(String type) {
    assertThatIllegalArgumentException().isThrownBy(() -> MediaType.accepts(Headers.EMPTY, type));
  }
}
