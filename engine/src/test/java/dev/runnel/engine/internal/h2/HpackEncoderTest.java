package dev.runnel.engine.internal.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What we encode is what another decoder of HPACK reads, whatever came before on the connection.
 */
class HpackEncoderTest {
  private static final byte[] DATE =
      "Sat, 21 Nov 2026 05:00:00 GMT".getBytes(StandardCharsets.US_ASCII);

  private final HpackEncoder encoder = new HpackEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, 1 << 20);
  private int length;

  private List<String> throughBoth(int status, Headers headers, long contentLength)
      throws Http2Exception {
    byte[] block = new byte[HpackEncoder.most(headers)];
    encoder.begin(block, 0);
    encoder.status(status);
    if (!encoder.fields(headers)) {
      encoder.date(DATE);
    }
    encoder.contentLength(contentLength);
    length = encoder.end();
    return decode(block);
  }

  private List<String> decode(byte[] block) throws Http2Exception {
    ByteBuf in = Unpooled.wrappedBuffer(block, 0, length);
    Http2Headers decoded = decoder.decodeHeaders(1, in);
    List<String> fields = new ArrayList<>();
    decoded.forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
    return fields;
  }

  private static List<String> expected(int status, Headers headers, long contentLength) {
    List<String> fields = new ArrayList<>();
    fields.add(":status: " + status);
    headers.forEach((name, value) -> fields.add(name.toLowerCase(Locale.ROOT) + ": " + value));
    if (!headers.contains("date")) {
      fields.add("date: " + new String(DATE, StandardCharsets.US_ASCII));
    }
    fields.add("content-length: " + contentLength);
    return fields;
  }

  private void assertSame(int status, Headers headers, long contentLength) throws Http2Exception {
    assertThat(throughBoth(status, headers, contentLength))
        .containsExactlyInAnyOrderElementsOf(expected(status, headers, contentLength));
  }

  @Test
  void whatAnswersRepeatIsOneByteEach() throws Http2Exception {
    Headers headers = Headers.of("Content-Type", "text/plain; charset=utf-8", "X-Own", "always");
    assertSame(200, headers, 13);
    int first = length;
    assertSame(200, headers, 14);
    assertThat(first).isGreaterThan(60);
    // Status, type, own field and date are one byte each, the length is two and its digits.
    assertThat(length).isEqualTo(4 + 2 + 2 + 1);
  }

  @Test
  void fieldsOfAConnectionAreLeftOut() throws Http2Exception {
    Headers headers =
        Headers.of(
            "Connection",
            "close",
            "Keep-Alive",
            "1",
            "Transfer-Encoding",
            "chunked",
            "Upgrade",
            "x",
            "Content-Length",
            "9",
            "Proxy-Connection",
            "x",
            "A",
            "b");
    assertThat(throughBoth(204, headers, 0))
        .containsExactlyInAnyOrder(
            ":status: 204",
            "a: b",
            "date: " + new String(DATE, StandardCharsets.US_ASCII),
            "content-length: 0");
  }

  @Test
  void secretsNeverEnterTheTable() throws Http2Exception {
    Headers headers = Headers.of("Set-Cookie", "session=abcdef");
    assertSame(200, headers, 0);
    int first = length;
    assertSame(200, headers, 0);
    // All that may be shorter is the date.
    assertThat(first - length).isEqualTo(DATE.length + 1);
  }

  @Test
  void everyStatusIsRead() throws Http2Exception {
    for (int status = 200; status < 600; status++) {
      assertSame(status, Headers.EMPTY, status);
    }
  }

  @Test
  void longValuesAndNames() throws Http2Exception {
    for (int size : new int[] {1, 126, 127, 128, 254, 255, 256, 511, 512, 513, 5000, 70_000}) {
      assertSame(200, Headers.of("x".repeat(Math.min(size, 3000)), "y".repeat(size)), size);
    }
  }

  @Test
  void anyAnswersInAnyOrderWithTablesOfAnySize() throws Http2Exception {
    Random random = new Random(42);
    String[] names = {
      "Content-Type",
      "Cache-Control",
      "X-A",
      "x-b",
      "Vary",
      "Location",
      "ETag",
      "Set-Cookie",
      "Date",
      "Server",
      "Access-Control-Allow-Origin",
      "X-Request-Id"
    };
    int table = 4096;
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(50) == 0) {
        int[] sizes = {0, 32, 100, 500, 4096, 1 << 16};
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
          table = sizes[random.nextInt(sizes.length)];
          decoder.maxHeaderTableSize(Math.min(table, 4096));
          encoder.tableSize(table);
        }
      }
      Headers headers = Headers.EMPTY;
      for (int fields = random.nextInt(6); fields > 0; fields--) {
        int variety = random.nextBoolean() ? 3 : 1000;
        String value = "v".repeat(random.nextInt(40)) + random.nextInt(variety);
        headers = headers.with(names[random.nextInt(names.length)], value);
      }
      assertSame(200 + random.nextInt(20), headers, random.nextInt(100_000));
    }
  }
}
