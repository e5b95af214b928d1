package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Limits;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the raw cases do not say about bodies in chunks: pieces, buffers, and every split of some
 * bodies.
 */
class ChunkedDecoderTest {
  private static final long SEED = 71;

  private final ChunkedDecoder decoder = new ChunkedDecoder(Limits.DEFAULT);

  private static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  @Test
  void givesChunksAsTheyComeAndThenNothing() throws RejectedException {
    ByteBuf in = buffer("3\r\nabc\r\n1\r\nd\r\n0\r\n\r\nrest");
    assertThat(decoder.next(in)).isEqualTo(Bytes.utf8("abc"));
    assertThat(decoder.done()).isFalse();
    assertThat(decoder.next(in)).isEqualTo(Bytes.utf8("d"));
    assertThat(decoder.next(in)).isNull();
    assertThat(decoder.done()).isTrue();
    assertThat(decoder.next(in)).isNull();
    assertThat(in.toString(ISO_8859_1)).isEqualTo("rest");
    assertThat(decoder.trailers().isEmpty()).isTrue();
  }

  @Test
  void givesPartsOfAChunk() throws RejectedException {
    ByteBuf in = buffer("5\r\nab");
    assertThat(decoder.next(in)).isEqualTo(Bytes.utf8("ab"));
    assertThat(decoder.next(in)).isNull();
    in.writeBytes(buffer("cde"));
    assertThat(decoder.next(in)).isEqualTo(Bytes.utf8("cde"));
    assertThat(decoder.next(in)).isNull();
    assertThat(in.isReadable()).isFalse();
  }

  @Test
  void givesAtMost64KibAtATime() throws RejectedException {
    ByteBuf in = buffer("30001\r\n" + "x".repeat(0x30001) + "\r\n0\r\n\r\n");
    for (int length : new int[] {0x10000, 0x10000, 0x10000, 1}) {
      assertThat(decoder.next(in)).extracting(Bytes::length).isEqualTo(length);
    }
    assertThat(decoder.next(in)).isNull();
    assertThat(decoder.done()).isTrue();
  }

  @Test
  void takesNothingFromAnEmptyBuffer() throws RejectedException {
    assertThat(decoder.next(Unpooled.EMPTY_BUFFER)).isNull();
    assertThat(decoder.done()).isFalse();
  }

  @Test
  void copiesWhatItGives() throws RejectedException {
    ByteBuf in = UnpooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(buffer("2\r\nab\r\n"));
    Bytes piece = decoder.next(in);
    in.setZero(0, in.capacity());
    in.release();
    assertThat(piece).isEqualTo(Bytes.utf8("ab"));
  }

  @Test
  void obeysOtherLimitsOfExtensions() throws RejectedException {
    Limits none = limits(0);
    ByteBuf plain = buffer("1\r\na\r\n0\r\n\r\n");
    ChunkedDecoder strict = new ChunkedDecoder(none);
    assertThat(strict.next(plain)).isEqualTo(Bytes.utf8("a"));
    assertThat(strict.next(plain)).isNull();
    assertThat(strict.done()).isTrue();
    assertThatThrownBy(() -> new ChunkedDecoder(none).next(buffer("1;a\r\na\r\n")))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.violation()).isEqualTo(Violation.CHUNK_EXTENSIONS_TOO_LONG));
  }

  private static Limits limits(int chunkExtensions) {
    Limits d = Limits.DEFAULT;
    return new Limits(
        d.requestLine(),
        d.headerSection(),
        d.headerFields(),
        chunkExtensions,
        d.bufferedBody(),
        d.connections(),
        d.requestsPerConnection(),
        d.blockingCalls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3\r\nabc\r\n0\r\n\r\n",
        "1;a=\"b\\\"c\" ; d\r\nx\r\n2\r\nyz\r\n0;e\r\nX-A: 1\r\nX-B:\r\n\r\n",
        "1\r\na\r\n0\r\nX-A : 1\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "1\r\na\r\n0\r\n\r\r\n",
        "1;a b\r\na\r\n0\r\n\r\n",
      })
  void readsTheSameCutAtAnyTwoPlaces(String body) {
    String whole = read(body, body.length(), body.length());
    for (int first = 0; first <= body.length(); first++) {
      for (int second = first; second <= body.length(); second++) {
        assertThat(read(body, first, second)).as(first + ", " + second).isEqualTo(whole);
      }
    }
  }

  @Test
  void readsAnyBodyInAnyChunksInAnyPieces() {
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      StringBuilder chunked = new StringBuilder();
      StringBuilder plain = new StringBuilder();
      for (int chunk = random.nextInt(5); chunk > 0; chunk--) {
        String data = Integer.toString(random.nextInt(), 36).repeat(1 + random.nextInt(400));
        plain.append(data);
        chunked
            .append(Integer.toHexString(data.length()))
            .append("\r\n")
            .append(data)
            .append("\r\n");
      }
      chunked.append("0\r\n\r\n");
      int cut = random.nextInt(chunked.length());
      assertThat(read(chunked.toString(), cut, cut + random.nextInt(chunked.length() - cut)))
          .isEqualTo(plain + " Headers[] true");
    }
  }

  private static String read(String text, int first, int second) {
    ChunkedDecoder fresh = new ChunkedDecoder(Limits.DEFAULT);
    ByteBuf in = buffer(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (int end : new int[] {first, second, text.length()}) {
        in.writerIndex(end);
        for (Bytes piece = fresh.next(in); piece != null; piece = fresh.next(in)) {
          out.writeBytes(piece.toByteArray());
        }
      }
    } catch (RejectedException e) {
      return out.toString(ISO_8859_1) + " " + e.getMessage();
    }
    return out.toString(ISO_8859_1) + " " + fresh.trailers() + " " + fresh.done();
  }
}
