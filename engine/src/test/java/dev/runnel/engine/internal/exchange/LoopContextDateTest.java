package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ServerOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopContextDateTest {
  private static final long SECOND = 1_000_000_000L;

  // No zero: the clock of a loop starts anywhere.
  private final DeadlineSweepTest.FakeLoop loop = new DeadlineSweepTest.FakeLoop(-17);
  private Instant wall = Instant.EPOCH;
  private int looks;
  private final LoopContext context = new LoopContext(loop, server(), Duration.ZERO);

  private ServerState server() {
    ServerOptions options =
        ServerOptions.builder()
            .wallClock(
                () -> {
                  looks++;
                  return wall;
                })
            .build();
    return new ServerState(
        options,
        exchange -> {},
        new dev.runnel.engine.Blocking() {
          @Override
          public <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then) {
            throw new RejectedExecutionException("nothing blocks here");
          }

          @Override
          public int active() {
            return 0;
          }
        });
  }

  private String date() {
    return new String(context.date(), StandardCharsets.US_ASCII);
  }

  private void pass(long nanos) {
    loop.advance(nanos);
    wall = wall.plusNanos(nanos);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1994-11-06T08:49:37Z | Sun, 06 Nov 1994 08:49:37 GMT", // the example of RFC 9110 5.6.7
        "1970-01-01T00:00:00Z | Thu, 01 Jan 1970 00:00:00 GMT",
        "2024-02-29T23:59:59.999999999Z | Thu, 29 Feb 2024 23:59:59 GMT",
        "2025-12-31T00:00:00Z | Wed, 31 Dec 2025 00:00:00 GMT",
        "2027-01-01T12:00:00Z | Fri, 01 Jan 2027 12:00:00 GMT",
        "1969-12-31T23:59:59.5Z | Wed, 31 Dec 1969 23:59:59 GMT",
      })
  void isAnImfFixdate(Instant now, String expected) {
    wall = now;
    assertThat(date()).isEqualTo(expected).hasSize(29);
  }

  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "ar-EG", "th-TH-u-ca-buddhist-nu-thai", "ja-JP-u-ca-japanese"})
  void doesNotSpeakTheLanguageOfTheMachine(String language) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(language));
    try {
      wall = Instant.parse("2025-05-03T01:02:03Z");
      assertThat(date()).isEqualTo("Sat, 03 May 2025 01:02:03 GMT");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void theWallClockIsLookedAtOnceASecond() {
    date();
    for (int i = 0; i < 9; i++) {
      pass(SECOND / 10);
      assertThat(date()).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    }
    assertThat(looks).isEqualTo(1);
    pass(SECOND / 10);
    assertThat(date()).isEqualTo("Thu, 01 Jan 1970 00:00:01 GMT");
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void theSameBytesAreGivenWithinASecond() {
    byte[] first = context.date();
    pass(SECOND - 1);
    assertThat(context.date()).isSameAs(first);
    pass(1);
    assertThat(context.date()).isNotSameAs(first);
  }

  @Test
  void isRefreshedWhereTheSecondOfTheWallEnds() {
    // Not a second after the first look: then every date would be up to a second old.
    wall = Instant.parse("2025-05-03T01:02:03.9Z");
    assertThat(date()).endsWith("01:02:03 GMT");
    pass(SECOND / 10 - 1);
    assertThat(date()).endsWith("01:02:03 GMT");
    pass(1);
    assertThat(date()).endsWith("01:02:04 GMT");
  }

  @Test
  void isTrueAtEverySecondOfADay() {
    for (int i = 0; i < 86_400; i += 61) {
      String expected =
          String.format(Locale.ROOT, "%02d:%02d:%02d GMT", i / 3600, i / 60 % 60, i % 60);
      assertThat(date()).endsWith(expected);
      pass(61 * SECOND);
    }
    assertThat(date()).startsWith("Fri, 02 Jan 1970");
  }

  @Test
  void aWallClockThatWasSetIsSeenWithinASecond() {
    wall = Instant.parse("2025-05-03T01:02:03Z");
    date();
    wall = Instant.parse("2020-01-01T00:00:00Z");
    loop.advance(SECOND);
    assertThat(date()).isEqualTo("Wed, 01 Jan 2020 00:00:00 GMT");
  }

  @Test
  void theClockStandsWhileReceivedBytesAreWorkedOn() {
    context.beginRead();
    date();
    pass(2 * SECOND);
    assertThat(date()).endsWith("00:00:00 GMT");
    context.beginRead(); // a second beginning moves nothing
    assertThat(date()).endsWith("00:00:00 GMT");
    context.endRead();
    assertThat(date()).endsWith("00:00:02 GMT");
  }
}
