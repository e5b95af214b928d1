package dev.runnel.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class EventGzipTest {
  private static final int HEAD = 10;

  @Test
  void eachEventIsThereAtOnce() throws DataFormatException {
    EventGzip gzip = new EventGzip();
    Inflater inflater = new Inflater(true);
    byte[] buffer = new byte[64 << 10];
    for (int i = 0; i < 1000; i++) {
      String event = "data: " + "x".repeat(i * 7 % 5000) + i + "\n\n";
      byte[] coded = gzip.next(Bytes.utf8(event)).toByteArray();
      inflater.setInput(i == 0 ? Arrays.copyOfRange(coded, HEAD, coded.length) : coded);
      int length = inflater.inflate(buffer);
      assertThat(new String(buffer, 0, length, StandardCharsets.UTF_8)).isEqualTo(event);
    }
    inflater.end();
    gzip.close();
    gzip.close();
  }

  @Test
  void theWholeIsGzip() throws IOException {
    EventGzip gzip = new EventGzip();
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String event = "data: " + i + "\n\n";
      plain.append(event);
      coded.writeBytes(gzip.next(Bytes.utf8(event)).toByteArray());
    }
    coded.writeBytes(gzip.last().toByteArray());
    gzip.close();
    byte[] back = new GZIPInputStream(new ByteArrayInputStream(coded.toByteArray())).readAllBytes();
    assertThat(back).asString(StandardCharsets.UTF_8).isEqualTo(plain.toString());
  }

  @Test
  void aStreamWithoutEventsIsGzipToo() throws IOException {
    EventGzip gzip = new EventGzip();
    byte[] coded = gzip.last().toByteArray();
    gzip.close();
    assertThat(new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes()).isEmpty();
  }
}
