package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Status;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final RetryPolicy POLICY = RetryPolicy.DEFAULT;

  /** What passes by itself: no address, no connection, one that broke. */
  private static final Set<Reason> MAY_PASS =
      EnumSet.of(
          Reason.RESOLVE,
          Reason.CONNECT,
          Reason.CONNECT_TIMEOUT,
          Reason.TLS_TIMEOUT,
          Reason.CONNECTION_LOST,
          Reason.STREAM_RESET,
          Reason.REFUSED);

  private static Duration afterFailure(String method, Reason reason, boolean unprocessed) {
    ClientException failure = new ClientException(reason, "no", unprocessed, null);
    return POLICY.afterFailure(1, Method.of(method), failure, () -> 0);
  }

  private static Duration afterAnswer(
      RetryPolicy policy, String method, int status, String... fields) {
    return policy.afterAnswer(
        1, Method.of(method), Status.of(status), Headers.of(fields), NOW, () -> 0);
  }

  @ParameterizedTest
  @EnumSource
  void failures(Reason reason) {
    boolean again = MAY_PASS.contains(reason);
    for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
      assertThat(afterFailure(method, reason, false)).isEqualTo(again ? Duration.ZERO : null);
      assertThat(afterFailure(method, reason, true)).isEqualTo(again ? Duration.ZERO : null);
    }
    for (String method : new String[] {"POST", "PATCH", "CONNECT", "PURGE", "get"}) {
      assertThat(afterFailure(method, reason, false)).as(method).isNull();
      assertThat(afterFailure(method, reason, true)).isEqualTo(again ? Duration.ZERO : null);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "408, GET, true",
    "408, PUT, true",
    "408, POST, false",
    "425, GET, true",
    "425, POST, true",
    "425, PATCH, true",
    "429, GET, true",
    "429, DELETE, true",
    "429, POST, false",
    "503, HEAD, true",
    "503, OPTIONS, true",
    "503, PATCH, false",
    "200, GET, false",
    "301, GET, false",
    "400, GET, false",
    "401, GET, false",
    "404, GET, false",
    "409, GET, false",
    "413, GET, false",
    "421, GET, false",
    "500, GET, false",
    "501, GET, false",
    "502, GET, false",
    "504, GET, false"
  })
  void answers(int status, String method, boolean again) {
    assertThat(afterAnswer(POLICY, method, status)).isEqualTo(again ? Duration.ZERO : null);
    assertThat(afterAnswer(POLICY, method, status, "Retry-After", "7"))
        .isEqualTo(again ? Duration.ofSeconds(7) : null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Retry-After (RFC 9110 10.2.3) | seconds to wait, none where the answer is final
        "0 | 0",
        "1 | 1",
        "007 | 7",
        "60 | 60",
        "61 | ",
        "3600 | ",
        "99999999999999999999999999 | ",
        "00000000000000000000000005 | 5",
        "Thu, 01 Jan 2026 00:00:30 GMT | 30",
        "Thu, 01 Jan 2026 00:01:00 GMT | 60",
        "Thu, 01 Jan 2026 00:01:01 GMT | ",
        "Thu, 01 Jan 2026 00:00:00 GMT | 0",
        "Wed, 31 Dec 2025 23:59:59 GMT | 0",
        "Thursday, 01-Jan-26 00:00:30 GMT | 30",
        "Thu Jan  1 00:00:30 2026 | 30",
        "Fri, 31 Dec 9999 23:59:59 GMT | ",
        // what cannot be understood is not there
        "'' | 0",
        "soon | 0",
        "-5 | 0",
        "+5 | 0",
        "1.5 | 0",
        "5s | 0",
        "5, 6 | 0",
        "Thu, 32 Jan 2026 00:00:30 GMT | 0",
      })
  void retryAfter(String field, Integer seconds) {
    assertThat(afterAnswer(POLICY, "GET", 503, "retry-after", field))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void retryAfterIsObeyedUpToABound() {
    RetryPolicy patient = POLICY.withMaxRetryAfter(Duration.ofHours(1));
    assertThat(afterAnswer(patient, "GET", 503, "Retry-After", "3600"))
        .isEqualTo(Duration.ofHours(1));
    assertThat(afterAnswer(patient, "GET", 503, "Retry-After", "3601")).isNull();
    RetryPolicy hasty = POLICY.withMaxRetryAfter(Duration.ZERO);
    assertThat(afterAnswer(hasty, "GET", 503, "Retry-After", "1")).isNull();
    assertThat(afterAnswer(hasty, "GET", 503, "Retry-After", "0")).isEqualTo(Duration.ZERO);
    assertThat(afterAnswer(hasty, "GET", 503)).isEqualTo(Duration.ZERO);
  }

  @Test
  void aRandomTimeComesOnTopOfRetryAfter() {
    assertThat(
            POLICY.afterAnswer(
                1, Method.GET, Status.of(503), Headers.of("Retry-After", "5"), NOW, () -> 0.5))
        .isEqualTo(Duration.ofMillis(5_050));
  }

  @ParameterizedTest
  @CsvSource({
    // attempt, random, milliseconds
    "1, 0.0, 0",
    "1, 0.5, 50",
    "1, 0.99, 99",
    "2, 0.5, 100",
    "3, 0.5, 200",
    "4, 0.5, 400",
    "7, 0.5, 3200",
    "8, 0.5, 5000",
    "9, 0.5, 5000",
    "100000000, 0.5, 5000"
  })
  void pausesDoubleUpToTenSeconds(int attempt, double random, long millis) {
    RetryPolicy persistent = POLICY.withMaxAttempts(Integer.MAX_VALUE);
    ClientException lost = new ClientException(Reason.CONNECTION_LOST, "lost");
    assertThat(persistent.afterFailure(attempt, Method.GET, lost, () -> random))
        .isEqualTo(Duration.ofMillis(millis));
    assertThat(
            persistent.afterAnswer(
                attempt, Method.GET, Status.of(503), Headers.EMPTY, NOW, () -> random))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT0S, 3, 0",
    "PT0S, PT5S, 3, 0",
    "PT2S, PT1S, 1, 500",
    "PT1S, PT24H, 40, 43200000",
    "PT24H, PT24H, 9, 43200000"
  })
  void pausesCanBeSet(Duration first, Duration most, int attempt, long millis) {
    RetryPolicy policy = POLICY.withMaxAttempts(1000).withDelays(first, most);
    ClientException lost = new ClientException(Reason.CONNECTION_LOST, "lost");
    assertThat(policy.afterFailure(attempt, Method.GET, lost, () -> 0.5))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void threeTriesInAll() {
    ClientException lost = new ClientException(Reason.CONNECTION_LOST, "lost");
    for (int attempt = 1; attempt <= 4; attempt++) {
      boolean again = attempt < 3;
      assertThat(POLICY.afterFailure(attempt, Method.GET, lost, () -> 0) != null).isEqualTo(again);
      assertThat(
              POLICY.afterAnswer(attempt, Method.GET, Status.of(503), Headers.EMPTY, NOW, () -> 0)
                  != null)
          .isEqualTo(again);
    }
    assertThat(RetryPolicy.NONE.afterFailure(1, Method.GET, lost, () -> 0)).isNull();
    assertThat(afterAnswer(RetryPolicy.NONE, "GET", 503)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT24H0.000000001S"})
  void boundsOfPausesAreChecked(Duration wrong) {
    Duration right = Duration.ofSeconds(1);
    assertThatThrownBy(() -> POLICY.withDelays(wrong, right))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wrong.toString());
    assertThatThrownBy(() -> POLICY.withDelays(right, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wrong.toString());
  }

  @Test
  void otherBoundsAreChecked() {
    assertThatThrownBy(() -> POLICY.withMaxAttempts(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> POLICY.withMaxRetryAfter(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(POLICY)
        .hasToString("RetryPolicy(attempts=3, delays=PT0.1S..PT10S, retryAfter<=PT1M)");
  }
}
