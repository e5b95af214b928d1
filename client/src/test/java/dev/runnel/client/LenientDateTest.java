package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientDateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The three forms of RFC 9110 5.6.7
        "Sun, 06 Nov 1994 08:49:37 GMT | 1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
        "Sun Nov  6 08:49:37 1994 | 1994-11-06T08:49:37Z",
        // as servers dress them
        "06 Nov 1994 08:49:37 | 1994-11-06T08:49:37Z",
        "1994 Nov 6 8:9:7 | 1994-11-06T08:09:07Z",
        "08:49:37 1994 november 6th | 1994-11-06T08:49:37Z",
        "Sun,06-NOV-1994;08:49:37.5 +0100 | 1994-11-06T08:49:37Z",
        "Wed, 31 Dec 1969 23:59:59 GMT | 1969-12-31T23:59:59Z",
        "Thu, 01-Jan-70 00:00:00 GMT | 1970-01-01T00:00:00Z",
        "1 Jan 69 00:00:00 | 2069-01-01T00:00:00Z",
        "1 Jan 00 00:00:00 | 2000-01-01T00:00:00Z",
        "1 Jan 99 00:00:00 | 1999-01-01T00:00:00Z",
        "1 Jan 1601 00:00:00 | 1601-01-01T00:00:00Z",
        "31 Dec 9999 23:59:59 | 9999-12-31T23:59:59Z",
        "29 Feb 2024 00:00:00 | 2024-02-29T00:00:00Z",
        "Jan Feb 2 2020 01:02:03 04:05:06 | 2020-01-02T01:02:03Z",
      })
  void reads(String text, Instant expected) {
    assertThat(LenientDate.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "now",
        "Sun, 06 Nov 1994",
        "06 Nov 08:49:37",
        "Nov 1994 08:49:37",
        "06 1994 08:49:37",
        "06 Nov 1994 08:49",
        "06 Nov 1994 24:00:00",
        "06 Nov 1994 08:60:00",
        "06 Nov 1994 08:49:60",
        "00 Nov 1994 08:49:37",
        "31 Nov 1994 08:49:37",
        "29 Feb 2023 00:00:00",
        "06 Nov 1600 08:49:37",
        "06 Nov 123 08:49:37",
        "06 Nov 12345 08:49:37",
        "06 No 1994 08:49:37",
        "123 Nov 1994 08:49:37",
        "06 Nov 1994 008:49:37",
        "\uff10\uff16 Nov 1994 08:49:37",
      })
  void refuses(String text) {
    assertThat(LenientDate.parse(text)).isNull();
  }

  @Test
  void longNonsenseIsReadOnce() {
    assertThat(LenientDate.parse("1:".repeat(100_000))).isNull();
    assertThat(LenientDate.parse("-".repeat(100_000) + "6 Nov 1994 08:49:37")).isNotNull();
  }
}
