package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDecodingTest {
  static final List<String> CODINGS = Coded.CODINGS;

  private final TestLoop loop = new TestLoop();

  private BodyReader decoder(String coding, Bytes... pieces) {
    return ContentDecoding.DEFAULT.decode(coding, ScriptedReader.of(loop, pieces));
  }

  private byte[] decode(String coding, Bytes... pieces) {
    return ReadAll.all(loop, decoder(coding, pieces));
  }

  private ClientException failure(String coding, byte[] body) {
    return catchThrowableOfType(ClientException.class, () -> decode(coding, Bytes.copyOf(body)));
  }

  @Test
  void bothLibrariesAreHereSoThatTheirCodingsAreTested() {
    assertThat(ContentDecoding.acceptEncoding()).isEqualTo("gzip, deflate, br, zstd");
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void everySplitOfASmallBodyDecodesToTheSame(String coding) {
    byte[] plain = Coded.text(300, 1);
    byte[] coded = Coded.encode(coding, plain);
    for (int at = 0; at <= coded.length; at++) {
      assertThat(decode(coding, Coded.cut(coded, at))).as("cut at %d", at).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void aBodyThatComesByteByByteIsDecoded(String coding) {
    byte[] plain = Coded.text(5_000, 2);
    Random random = new Random(2);
    assertThat(decode(coding, Coded.cutAtRandom(Coded.encode(coding, plain), random, 1)))
        .isEqualTo(plain);
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void randomBodiesInRandomPiecesComeBack(String coding) {
    Random random = new Random(3);
    for (int round = 0; round < 60; round++) {
      byte[] plain = Coded.text(random.nextInt(round % 10 == 0 ? 600_000 : 20_000), round);
      if (round % 3 == 0) {
        random.nextBytes(plain); // does not compress at all
      }
      byte[] coded = Coded.encode(coding, plain);
      Bytes[] pieces = Coded.cutAtRandom(coded, random, 1 + random.nextInt(70_000));
      assertThat(decode(coding, pieces)).as("round %d", round).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void aBodyCutShortAnywhereIsAnError(String coding) {
    byte[] coded = Coded.encode(coding, Coded.text(200, 4));
    for (int length = 1; length < coded.length; length++) {
      ClientException failure = failure(coding, Arrays.copyOf(coded, length));
      assertThat(failure).as("%d of %d bytes", length, coded.length).isNotNull();
      assertThat(failure.reason()).isEqualTo(Reason.CONTENT_DECODING);
      assertThat(failure).hasMessageContaining(coding).hasMessageContaining("byte " + length);
    }
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void bytesBehindTheEndAreAnError(String coding) {
    byte[] coded = Coded.encode(coding, Coded.text(200, 5));
    for (byte[] tail : List.of(new byte[] {0}, new byte[] {'x', 'y'}, new byte[20])) {
      assertThat(failure(coding, concat(coded, tail))).as("in one piece").isNotNull();
      assertThatThrownBy(() -> decode(coding, Bytes.copyOf(coded), Bytes.copyOf(tail)))
          .as("in a piece of their own")
          .isInstanceOf(ClientException.class);
    }
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void anEmptyBodyIsEmptyWhateverItsCoding(String coding) {
    assertThat(decode(coding)).isEmpty();
    assertThat(decode(coding, Coded.cut(Coded.encode(coding, new byte[0])))).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void noMutationDoesWorseThanATypedError(String coding) {
    Random random = new Random(6);
    byte[] coded = Coded.encode(coding, Coded.text(2_000, 6));
    int failed = 0;
    for (int round = 0; round < 2_000; round++) {
      byte[] mutant = coded.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
      }
      BodyReader reader = decoder(coding, Coded.cutAtRandom(mutant, random, 500));
      ReadAll drain = ReadAll.start(loop, reader);
      loop.run();
      if (drain.failure() == null) {
        assertThat(drain.isDone()).isTrue();
      } else {
        failed++;
        assertThat(drain.failure()).isInstanceOf(ClientException.class);
      }
    }
    // br and zstd, as sent here, have no checksum.
    boolean isChecked = coding.endsWith("gzip") || coding.equals("deflate");
    assertThat(failed).as("mutants noticed").isGreaterThan(isChecked ? 1_900 : 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip, br", "br,gzip", "GZip , Identity", "deflate,zstd,br,gzip", ",identity,br,"})
  void codingsAreUndoneInReverseOrder(String list) {
    byte[] plain = Coded.text(3_000, 7);
    byte[] coded = plain;
    for (String coding : list.split(",", -1)) {
      String name = coding.strip().toLowerCase(Locale.ROOT);
      coded = name.isEmpty() || name.equals("identity") ? coded : Coded.encode(name, coded);
    }
    assertThat(decode(list, Coded.cutAtRandom(coded, new Random(7), 100))).isEqualTo(plain);
  }

  @Test
  void codingsThatNobodyKnowsAreLeftAlone() {
    for (String list : List.of("compress", "gzip, aws-chunked", "x-br", "identity", "")) {
      BodyReader raw = ScriptedReader.of(loop, Bytes.utf8("as it came"));
      assertThat(ContentDecoding.DEFAULT.decode(list, raw)).as(list).isSameAs(raw);
    }
  }

  @Test
  void moreCodingsThanFiveAreRefused() {
    BodyReader raw = ScriptedReader.of(loop);
    assertThat(ContentDecoding.DEFAULT.decode("br,br,br,br,br", raw)).isNotSameAs(raw);
    assertThatThrownBy(() -> ContentDecoding.DEFAULT.decode("br,br,br,br,br,br", raw))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("6 content codings");
  }

  @Test
  void deflateIsReadWithAndWithoutTheHeadOfZlib() {
    byte[] plain = Coded.text(4_000, 8);
    for (String kind : List.of("deflate", "raw deflate")) {
      byte[] coded = Coded.encode(kind, plain);
      for (int at = 0; at < 5; at++) {
        assertThat(decode("deflate", Coded.cut(coded, at))).as(kind).isEqualTo(plain);
      }
      assertThat(failure("deflate", concat(coded, new byte[] {1}))).as(kind).isNotNull();
    }
  }

  @Test
  void deflateThatNeedsADictionaryIsAnError() {
    byte[] head = {0x78, (byte) 0xBB, 1, 2, 3, 4, 5, 6};
    assertThat(failure("deflate", head)).hasMessageContaining("dictionary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void severalMembersAreOneBody(String coding) {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    for (int i = 0; i < 50; i++) {
      byte[] part = Coded.text(i * 7 % 40, i);
      plain.writeBytes(part);
      coded.writeBytes(Coded.encode(coding, part));
    }
    assertThat(decode(coding, Coded.cutAtRandom(coded.toByteArray(), new Random(9), 30)))
        .isEqualTo(plain.toByteArray());
    assertThat(decode(coding, Coded.cut(coded.toByteArray()))).isEqualTo(plain.toByteArray());
  }

  @Test
  void windowsOfZstdAreBounded() {
    // RFC 8878 3.1.1: a frame without a declared size and with a window of 16 MiB.
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 14 << 3, 1, 0, 0};
    assertThat(failure("zstd", frame)).hasMessageContaining("memory");
    frame[5] = 13 << 3;
    assertThat(decode("zstd", Bytes.copyOf(frame))).isEmpty();
  }

  @Test
  void trailersLoopAndLengthAreThoseOfADecodedBody() {
    Headers trailers = Headers.of("X-Sum", "1");
    ScriptedReader raw = new ScriptedReader(loop).length(30);
    BodyReader reader = ContentDecoding.DEFAULT.decode("gzip", raw);
    raw.give(Bytes.copyOf(Coded.encode("gzip", new byte[] {1}))).end(trailers);
    ReadAll.all(loop, reader);
    assertThat(reader.trailers()).isEqualTo(trailers);
    assertThat(reader.loop()).isSameAs(loop);
    assertThat(reader.length()).isEqualTo(-1);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
