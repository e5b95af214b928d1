package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a head comes to does not depend on those that were written before it. */
class ResponseEncoderTest {
  private static final byte[] NOW = "Sat, 21 Nov 2026 21:00:00 GMT".getBytes(ISO_8859_1);
  private static final byte[] LATER = "Sat, 21 Nov 2026 21:00:01 GMT".getBytes(ISO_8859_1);
  private static final ResponseHead PLAIN =
      new ResponseHead(Status.OK, Headers.of("Content-Type", "text/plain"));
  private static final ResponseHead DATED =
      new ResponseHead(Status.NOT_FOUND, Headers.of("Date", "never", "X-A", "b"));
  private static final ResponseHead LONG =
      new ResponseHead(Status.OK, Headers.of("X-Long", "a".repeat(5_000)));

  private final ResponseEncoder encoder = new ResponseEncoder();
  private final LoopScratch scratch = new LoopScratch(100);

  private String write(
      ResponseEncoder with, ResponseHead head, long length, int flags, byte[] date) {
    ByteBuf out = Unpooled.buffer();
    with.head(out, scratch, head, length, flags, date);
    return out.toString(ISO_8859_1);
  }

  @Test
  void aHeadThatComesAgain() {
    for (int i = 0; i < 4; i++) {
      assertThat(write(encoder, PLAIN, i, 0, NOW))
          .isEqualTo(
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                  + "Date: Sat, 21 Nov 2026 21:00:00 GMT\r\nContent-Length: "
                  + i
                  + "\r\n\r\n");
    }
    assertThat(write(encoder, PLAIN, 1, 0, LATER)).contains("21:00:01 GMT");
    assertThat(write(encoder, PLAIN, 1, ResponseEncoder.CLOSE, LATER))
        .endsWith("Content-Length: 1\r\nConnection: close\r\n\r\n");
  }

  @Test
  void inAnyOrder() {
    Random random = new Random(4711);
    List<ResponseHead> heads = List.of(PLAIN, DATED, LONG);
    ResponseHead head = PLAIN;
    byte[] date = NOW;
    long length = 0;
    int flags = 0;
    for (int i = 0; i < 20_000; i++) {
      head = random.nextInt(5) == 0 ? heads.get(random.nextInt(3)) : head;
      date = random.nextInt(5) == 0 ? (random.nextBoolean() ? NOW : LATER) : date;
      length = random.nextInt(3) == 0 ? random.nextInt(4) - 1L : length;
      flags = random.nextInt(3) == 0 ? 1 << random.nextInt(4) : flags;
      assertThat(write(encoder, head, length, flags, date))
          .isEqualTo(write(new ResponseEncoder(), head, length, flags, date));
      if (random.nextInt(10) == 0) {
        encoder.informational(Unpooled.buffer(), scratch, Status.of(103), Headers.EMPTY);
      }
    }
  }

  /**
   * Short ones are copied with the head, long ones by themselves, and at times there is no room.
   */
  @Test
  void bodiesStandBehindTheirHeads() {
    byte[] text = "0123456789".repeat(600).getBytes(ISO_8859_1);
    for (ResponseHead head : List.of(PLAIN, LONG)) {
      for (int length : new int[] {0, 1, 511, 512, 513, 4_000, 5_000}) {
        Bytes body = Bytes.copyOf(text).slice(7, 7 + length);
        for (int i = 0; i < 4; i++) {
          ByteBuf out = Unpooled.buffer();
          encoder.whole(out, scratch, head, body, length, 0, NOW);
          assertThat(out.toString(ISO_8859_1))
              .isEqualTo(
                  write(new ResponseEncoder(), head, length, 0, NOW)
                      + new String(text, 7, length, ISO_8859_1));
        }
      }
    }
  }
}
