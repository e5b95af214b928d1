package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The raw answers, in one piece and in many, and beside Netty's decoder. */
class ResponseParserTest {
  private static final long SEED = 9112;
  private static final int LONG_CASE = 4 << 10;

  /** What Netty refuses: equal lengths (RFC 9110 8.6), bytes that extensions may have. */
  private static final Set<String> LOOSER =
      Set.of(
          "same length twice",
          "same length as a list",
          "answer: extension ;a=b ;c",
          "answer: extension ;a=\"\t\u00e9\\\u00e9\"");

  static List<AnswerCase> cases() {
    return AnswerCases.all();
  }

  /** Those that Netty reads in the same way: it knows neither the method nor our leniencies. */
  static Stream<AnswerCase> casesForNetty() {
    return AnswerCases.all().stream()
        .filter(raw -> raw.rejected() == null && raw.method().equals(dev.runnel.http.Method.GET))
        .filter(raw -> AnswerReading.whole(Limits.DEFAULT, raw.method(), data(raw)).isDone())
        // RFC 9112 6.3 exempts 304 from framing whatever it says; Netty looks for chunks behind it.
        .filter(raw -> !raw.name().equals("304 in chunks"))
        .filter(raw -> raw.bytes().length() < LONG_CASE);
  }

  private static byte[] data(AnswerCase raw) {
    return raw.bytes().toByteArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAsTheTableSays(AnswerCase raw) {
    AnswerReading reading = AnswerReading.whole(Limits.DEFAULT, raw.method(), data(raw));
    if (raw.rejected() != null) {
      assertThat(reading.rejection()).as(reading.describe()).isNotNull();
      assertThat(reading.rejection().violation()).isEqualTo(raw.rejected());
      assertThat(reading.rejection().getMessage()).contains(raw.rejected().sentence());
      return;
    }
    assertThat(reading.rejection()).isNull();
    raw.properties()
        .forEach((name, value) -> assertThat(reading.property(name)).as(name).isEqualTo(value));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsTheSameInTwoPiecesWhereverTheyAreCut(AnswerCase raw) {
    byte[] data = data(raw);
    String whole = AnswerReading.whole(Limits.DEFAULT, raw.method(), data).describe();
    int step = data.length < LONG_CASE ? 1 : 331;
    for (int cut = 0; cut <= data.length; cut += step) {
      assertThat(
              AnswerReading.split(Limits.DEFAULT, raw.method(), data, cut, data.length).describe())
          .as("cut at %d", cut)
          .isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsTheSameByteByByteAndSplitAtRandom(AnswerCase raw) {
    byte[] data = data(raw);
    String whole = AnswerReading.whole(Limits.DEFAULT, raw.method(), data).describe();
    // Byte by byte costs the square of the length: long cases step over the middle.
    int[] bytes =
        IntStream.rangeClosed(1, data.length)
            .filter(i -> i < 64 || data.length < LONG_CASE || i % 97 == 0 || data.length - i < 64)
            .toArray();
    assertThat(AnswerReading.split(Limits.DEFAULT, raw.method(), data, bytes).describe())
        .isEqualTo(whole);
    Random random = new Random(SEED + data.length);
    for (int round = 0; round < 20; round++) {
      int[] ends =
          IntStream.concat(
                  random.ints(random.nextInt(6), 0, data.length + 1), IntStream.of(data.length))
              .sorted()
              .toArray();
      assertThat(AnswerReading.split(Limits.DEFAULT, raw.method(), data, ends).describe())
          .isEqualTo(whole);
    }
  }

  @Test
  void hasManyCasesWithNamesOfTheirOwnForEveryRule() {
    Set<String> names = new HashSet<>();
    Set<Violation> broken = new HashSet<>();
    assertThat(AnswerCases.all())
        .allMatch(raw -> names.add(raw.name()), "unique name")
        .hasSizeGreaterThan(300);
    AnswerCases.all().stream()
        .filter(raw -> raw.rejected() != null)
        .forEach(raw -> broken.add(raw.rejected()));
    assertThat(broken)
        .containsAll(Stream.of(Violation.values()).filter(Violation::isOfAnswers).toList());
  }

  /** A head that is refused is refused as soon as its bad byte is there. */
  @Test
  void doesNotWaitForTheLineOfAServerThatSpeaksSomethingElse() {
    for (String greeting : List.of("S", "<", "2", "\0", "\r", "HTTP/2", "HTTP/1.1 9")) {
      AnswerReading reading =
          AnswerReading.whole(
              Limits.DEFAULT, dev.runnel.http.Method.GET, greeting.getBytes(ISO_8859_1));
      if (greeting.startsWith("HTTP/")) {
        assertThat(reading.rejection()).isNull();
      } else {
        assertThat(reading.rejection()).isNotNull();
      }
    }
  }

  @Test
  void readsWhatNettyReadsButWhereItMeansTo() {
    List<AnswerCase> compared = casesForNetty().toList();
    assertThat(compared).hasSizeGreaterThan(100);
    assertThat(compared)
        .filteredOn(raw -> !netty(data(raw)).equals(ours(raw)))
        .extracting(AnswerCase::name)
        .containsExactlyInAnyOrderElementsOf(LOOSER);
  }

  private static String ours(AnswerCase raw) {
    AnswerReading ours = AnswerReading.whole(Limits.DEFAULT, raw.method(), data(raw));
    StringBuilder out = new StringBuilder();
    out.append(ours.property("status")).append('\n');
    ours.head()
        .head()
        .headers()
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    out.append(ours.property("body")).append('\n');
    ours.trailers()
        .forEach((name, value) -> out.append(name).append("; ").append(value).append('\n'));
    return out.toString();
  }

  private static String netty(byte[] data) {
    StringBuilder head = new StringBuilder();
    StringBuilder body = new StringBuilder();
    StringBuilder trailers = new StringBuilder();
    boolean done = false;
    EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseDecoder());
    channel.writeInbound(Unpooled.wrappedBuffer(data));
    channel.finish();
    for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
      if (!done) {
        if (part.decoderResult().isFailure()) {
          head.append(part.decoderResult().cause());
        } else if (part instanceof HttpResponse response) {
          boolean interim = response.status().code() < 200;
          head.setLength(0);
          head.append(interim ? "interim" : response.status().code()).append('\n');
          write(response.headers(), ": ", head);
        }
        if (part instanceof HttpContent content && !head.toString().startsWith("interim")) {
          ByteBuf bytes = content.content();
          body.append(bytes.toString(ISO_8859_1));
          if (part instanceof LastHttpContent last) {
            done = true;
            write(last.trailingHeaders(), "; ", trailers);
          }
        }
      }
      ReferenceCountUtil.release(part);
    }
    return head.append(body).append('\n').append(trailers).toString();
  }

  private static void write(HttpHeaders headers, String between, StringBuilder out) {
    for (Map.Entry<String, String> field : headers) {
      out.append(field.getKey()).append(between).append(field.getValue()).append('\n');
    }
  }
}
