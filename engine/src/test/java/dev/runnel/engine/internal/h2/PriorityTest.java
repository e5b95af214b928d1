package dev.runnel.engine.internal.h2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9218 4: what is malformed or unknown is as if it were not there. */
class PriorityTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|3|false",
        "u=0|0|false",
        "u=7|7|false",
        "i|3|true",
        "u=1, i|1|true",
        "i, u=5|5|true",
        "i=?1|3|true",
        "i=?0|3|false",
        "i, i=?0|3|false",
        "u=2,u=6|6|false",
        "u=8|3|false",
        "u=-1|3|false",
        "u=a|3|false",
        "u|3|false",
        "u=1;x=2, i;y|1|true",
        "x=9, u=4, y|4|false",
        "',,u=2,,'|2|false"
      })
  void values(String value, int urgency, boolean incremental) {
    int priority = Priority.parse(value);
    assertThat(Priority.urgency(priority)).isEqualTo(urgency);
    assertThat(Priority.isIncremental(priority)).isEqualTo(incremental);
  }

  @Test
  void ofALongValueOnlyTheBeginningIsRead() {
    assertThat(Priority.parse("u=1," + ",".repeat(60) + "u=2")).isEqualTo(1);
    assertThat(Priority.parse("u=1, " + "x".repeat(10_000))).isEqualTo(1);
  }
}
