package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Limits;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The raw cases, in one piece and in many, and what the table cannot say. */
class RequestParserTest {
  private static final long SEED = 9112;
  private static final int LONG_CASE = 4 << 10;

  static List<RawCase> cases() {
    return RawRequestCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAsTheTableSays(RawCase raw) {
    RequestReading reading = RequestReading.whole(Limits.DEFAULT, raw.bytes().toByteArray());
    if (raw.rejected() != null) {
      assertThat(reading.rejection()).as(reading.describe()).isNotNull();
      assertThat(reading.rejection().violation()).isEqualTo(raw.rejected());
      return;
    }
    assertThat(reading.rejection()).isNull();
    raw.properties()
        .forEach((name, value) -> assertThat(reading.property(name)).as(name).isEqualTo(value));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsTheSameByteByByte(RawCase raw) {
    byte[] data = raw.bytes().toByteArray();
    // Byte by byte costs the square of the length: long cases step over the middle.
    int[] ends =
        IntStream.rangeClosed(1, data.length)
            .filter(i -> i < 64 || data.length < LONG_CASE || i % 97 == 0 || data.length - i < 64)
            .toArray();
    assertSameAsWhole(data, ends);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsTheSameSplitAtRandom(RawCase raw) {
    byte[] data = raw.bytes().toByteArray();
    Random random = new Random(SEED + data.length);
    for (int round = 0; round < 20; round++) {
      int cuts = random.nextInt(6);
      int[] ends =
          IntStream.concat(random.ints(cuts, 0, data.length + 1), IntStream.of(data.length))
              .sorted()
              .toArray();
      assertSameAsWhole(data, ends);
    }
  }

  private static void assertSameAsWhole(byte[] data, int... ends) {
    String whole = RequestReading.whole(Limits.DEFAULT, data).describe();
    for (boolean patient : new boolean[] {false, true}) {
      assertThat(RequestReading.split(Limits.DEFAULT, data, patient, ends).describe())
          .as(patient ? "patient" : "eager")
          .isEqualTo(whole);
    }
  }

  @Test
  void hasManyCasesWithNamesOfTheirOwn() {
    List<RawCase> all = RawRequestCases.all();
    Set<String> names = new HashSet<>();
    assertThat(all).allMatch(raw -> names.add(raw.name()), "unique name").hasSizeGreaterThan(219);
  }

  @Test
  void everyRuleIsBrokenBySomeCase() {
    Set<Violation> broken = new HashSet<>();
    RawRequestCases.all().stream()
        .filter(raw -> raw.rejected() != null)
        .forEach(raw -> broken.add(raw.rejected()));
    assertThat(broken)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Violation.values()).filter(rule -> !rule.isOfAnswers()).toList());
  }

  @Test
  void parsesPipelinedHeadsOneAfterTheOther() throws RejectedException {
    byte[] data = (RawCase.get("X-A: 1\r\n") + BrowserRequest.TEXT).getBytes(ISO_8859_1);
    RequestParser parser = new RequestParser(Limits.DEFAULT);
    int end = parser.parse(data, 0, data.length);
    RequestHead first = parser.head();
    assertThat(parser.parse(data, end, data.length)).isEqualTo(data.length);
    RequestHead second = parser.head();
    assertThat(first.headers().get("x-a")).isEqualTo("1");
    assertThat(second.authority()).isEqualTo("www.example.org");
  }

  @Test
  void aHeadOutlivesTheReceivedBytes() throws RejectedException {
    byte[] data = BrowserRequest.TEXT.getBytes(ISO_8859_1);
    RequestParser parser = new RequestParser(Limits.DEFAULT);
    parser.parse(data, 0, data.length);
    RequestHead head = parser.head();
    Arrays.fill(data, (byte) 'x');
    parser.parse(RawCase.get("").getBytes(ISO_8859_1), 0, RawCase.get("").length());
    assertThat(head.rawPath()).isEqualTo("/search");
    assertThat(head.authority()).isEqualTo("www.example.org");
    assertThat(head.headers().get("Sec-Fetch-User")).isEqualTo("?1");
  }

  @Test
  void thePathIsTheTargetItselfWithoutAQuery() throws RejectedException {
    byte[] data = "GET /a/b HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);
    RequestParser parser = new RequestParser(Limits.DEFAULT);
    parser.parse(data, 0, data.length);
    assertThat(parser.head().rawPath()).isSameAs(parser.head().target());
  }

  @Test
  void hasNoHeadBeforeOneWasParsed() throws RejectedException {
    RequestParser parser = new RequestParser(Limits.DEFAULT);
    byte[] data = RawCase.get("").getBytes(ISO_8859_1);
    assertThat(parser.parse(data, 0, data.length)).isEqualTo(data.length);
    assertThat(parser.parse(data, 0, 9)).isEqualTo(RequestParser.NEED_MORE);
    assertThatThrownBy(parser::head).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void passesALimitWithoutWaitingForALineEnd() throws RejectedException {
    for (String start : List.of("GET /", "\r\nGET /", "GET / HTTP/1.1\r\nX: ")) {
      byte[] data = (start + "a".repeat(20 << 10)).getBytes(ISO_8859_1);
      RequestParser parser = new RequestParser(Limits.DEFAULT);
      assertThat(parser.parse(data, 0, start.length())).isEqualTo(RequestParser.NEED_MORE);
      int patience = parser.patience();
      assertThat(RequestParser.worthParsing(data, 0, start.length(), patience, patience)).isFalse();
      assertThat(parser.parse(data, 0, patience)).isEqualTo(RequestParser.NEED_MORE);
      assertThat(RequestParser.worthParsing(data, 0, patience, patience + 1, patience)).isTrue();
      assertThatThrownBy(() -> parser.parse(data, 0, patience + 1))
          .isInstanceOf(RejectedException.class);
    }
  }

  @Test
  void obeysOtherLimits() {
    Limits small = Limits.DEFAULT.withRequestLine(16).withHeaders(64, 2);
    assertThat(violation(small, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n")).isNull();
    assertThat(violation(small, "GET /ab HTTP/1.1\r\nHost: h\r\n\r\n")).isNull();
    assertThat(violation(small, "GET /abc HTTP/1.1\r\nHost: h\r\n\r\n"))
        .isEqualTo(Violation.REQUEST_LINE_TOO_LONG);
    assertThat(violation(small, RawCase.get("A: 1\r\nB: 2\r\n")))
        .isEqualTo(Violation.TOO_MANY_FIELDS);
    assertThat(violation(small, RawCase.get("A: " + "v".repeat(51) + "\r\n")))
        .isEqualTo(Violation.HEADERS_TOO_LARGE);
  }

  private static @Nullable Violation violation(Limits limits, String raw) {
    RejectedException rejection =
        RequestReading.whole(limits, raw.getBytes(ISO_8859_1)).rejection();
    return rejection == null ? null : rejection.violation();
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    RejectedException rejection =
        RequestReading.whole(
                Limits.DEFAULT, RawCase.get("A: 1\r\nX-Name: a\u0001b\r\n").getBytes(ISO_8859_1))
            .rejection();
    assertThat(rejection)
        .hasMessage(
            "A field value must not have control characters. (0x01 in field line 3, 'X-Name')");
    assertThat(rejection.getStackTrace()).isEmpty();
    assertThat(rejection.violation().status()).isEqualTo(400);
  }

  @Test
  void neverSaysMoreThanPrintableAscii() {
    for (RawCase raw : RawRequestCases.all()) {
      RejectedException rejection =
          RequestReading.whole(Limits.DEFAULT, raw.bytes().toByteArray()).rejection();
      if (rejection != null) {
        assertThat(rejection.getMessage()).as(raw.name()).matches("[ -~]{1,200}");
      }
    }
  }
}
