package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.BodyReader;
import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** How a decoded body behaves between the wire and its reader: demand, caps, ends, memory. */
class DecodedReaderTest {
  static final List<String> CODINGS = Coded.CODINGS;

  private final TestLoop loop = new TestLoop();
  private final ScriptedReader wire = new ScriptedReader(loop);

  /** Gives its input as it is, and says how often it was closed. */
  private static final class Plain implements StreamDecoder {
    private Bytes input = Bytes.EMPTY;
    private int closed;

    @Override
    public void feed(Bytes bytes) {
      assertThat(input.isEmpty()).as("fed before what was there is used").isTrue();
      input = bytes;
    }

    @Override
    public int decode(byte[] out) throws CodingException {
      assertThat(closed).as("used after it was closed").isZero();
      if (input.utf8().startsWith("bad")) {
        throw new CodingException("bad");
      }
      int count = Math.min(out.length, input.length());
      input.slice(0, count).copyTo(out, 0);
      input = input.slice(count, input.length());
      return count;
    }

    @Override
    public boolean isComplete() {
      return true;
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private final Plain plain = new Plain();
  private final BodyReader reader =
      new DecodedReader(wire, "plain", plain, new DecodingBudget(0, 0));

  @Test
  void theDecoderIsClosedOnceAtTheEnd() {
    wire.give(Bytes.utf8("all")).end();
    assertThat(ReadAll.all(loop, reader)).asString().isEqualTo("all");
    loop.on(reader::cancel);
    assertThat(plain.closed).isEqualTo(1);
    assertThat(wire.isCancelled()).isFalse();
    loop.on(() -> assertThat(reader.poll()).isNull());
  }

  @Test
  void theDecoderIsClosedOnceAtAnErrorAndTheWireIsGivenUp() {
    wire.give(Bytes.utf8("bad news"));
    ReadAll drain = ReadAll.start(loop, reader);
    assertThat(drain.failure()).isInstanceOf(ClientException.class);
    assertThat(plain.closed).isEqualTo(1);
    assertThat(wire.isCancelled()).isTrue();
    loop.on(() -> assertThatThrownBy(reader::poll).isSameAs(drain.failure()));
    assertThat(reader.ended()).isFalse();
  }

  @Test
  void theDecoderIsClosedOnceByACancel() {
    wire.give(Bytes.utf8("some"));
    loop.on(
        () -> {
          assertThat(reader.poll()).isNotNull();
          reader.cancel();
          reader.cancel();
          assertThatThrownBy(reader::poll)
              .isInstanceOfSatisfying(
                  ClientException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
        });
    assertThat(plain.closed).isEqualTo(1);
    assertThat(wire.isCancelled()).isTrue();
  }

  @Test
  void aFailureOfTheWireIsTheReaders() {
    ClientException lost = new ClientException(Reason.CONNECTION_LOST, "gone");
    wire.give(Bytes.utf8("some")).fail(lost);
    ReadAll drain = ReadAll.start(loop, reader);
    assertThat(drain.bytes()).asString().isEqualTo("some");
    assertThat(drain.failure()).isSameAs(lost);
    assertThat(plain.closed).isEqualTo(1);
  }

  @Test
  void aWaiterIsWokenWhenBytesComeAndWhenTheyAreThere() {
    int[] wakes = {0};
    loop.on(
        () -> {
          assertThat(reader.poll()).isNull();
          assertThat(reader.ended()).isFalse();
          reader.onReady(() -> wakes[0]++);
        });
    loop.run();
    assertThat(wakes[0]).isZero();
    wire.give(Bytes.copyOf(new byte[DecodedReader.PIECE + 1]));
    loop.run();
    assertThat(wakes[0]).isEqualTo(1);
    loop.on(
        () -> {
          assertThat(reader.poll()).isNotNull();
          reader.onReady(() -> wakes[0]++); // the rest is already here
        });
    loop.run();
    assertThat(wakes[0]).isEqualTo(2);
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void nothingIsAskedOfTheWireBeforeWhatItGaveIsUsed(String coding) {
    byte[] coded = Coded.encode(coding, new byte[900_000]);
    for (Bytes piece : Coded.cut(coded, coded.length / 2)) {
      wire.give(piece);
    }
    wire.end();
    BodyReader decoded = ContentDecoding.DEFAULT.decode(coding, wire);
    loop.on(
        () -> {
          Bytes first = pollUntilBytes(decoded);
          assertThat(first.length()).isLessThanOrEqualTo(64 << 10);
          int asked = wire.polls();
          for (int i = 0; i < 3; i++) {
            assertThat(decoded.poll()).isNotNull();
          }
          assertThat(wire.polls()).as("polls while decoded bytes were there").isEqualTo(asked);
          decoded.cancel();
        });
  }

  private static Bytes pollUntilBytes(BodyReader reader) {
    @Nullable Bytes first = reader.poll();
    assertThat(first).isNotNull();
    return first;
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void aBombIsStoppedByItsSizeBeforeItIsInflated(String coding) {
    ContentDecoding capped = ContentDecoding.DEFAULT.withMaxRatio(0).withMaxBytes(100_000);
    byte[] bomb = Coded.encode(coding, new byte[20_000_000]);
    wire.give(Bytes.copyOf(bomb)).give(Bytes.utf8("never asked for")).end();
    ReadAll drain = ReadAll.start(loop, capped.decode(coding, wire));
    assertThat(drain.failure())
        .isInstanceOfSatisfying(
            ClientException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONTENT_DECODING))
        .hasMessageContaining(coding)
        .hasMessageContaining("100000 bytes")
        .hasMessageContaining("withMaxBytes");
    assertThat(drain.bytes()).hasSizeLessThanOrEqualTo(100_000);
    assertThat(wire.unread()).isEqualTo(1);
    assertThat(wire.isCancelled()).isTrue();
  }

  @Test
  void aBodyOfExactlyTheCapIsRead() {
    ContentDecoding capped = ContentDecoding.DEFAULT.withMaxBytes(100_000);
    wire.give(Bytes.copyOf(Coded.encode("br", new byte[100_000]))).end();
    assertThat(ReadAll.all(loop, capped.decode("br", wire))).hasSize(100_000);
  }

  @ParameterizedTest
  @FieldSource("CODINGS")
  void aBombIsStoppedByItsRatio(String coding) {
    ContentDecoding capped = ContentDecoding.DEFAULT.withMaxBytes(0).withMaxRatio(100);
    byte[] bomb = Coded.encode(coding, new byte[20_000_000]);
    wire.give(Bytes.copyOf(bomb));
    ReadAll drain = ReadAll.start(loop, capped.decode(coding, wire));
    assertThat(drain.failure()).hasMessageContaining("100 to 1");
    assertThat(drain.bytes().length)
        .isLessThanOrEqualTo(Math.max(1 << 20, 100 * bomb.length))
        .isGreaterThan((1 << 20) - DecodedReader.PIECE - 1);
    assertThat(wire.isCancelled()).isTrue();
  }

  @Test
  void theRatioIsThatOfAllCodingsTogether() {
    byte[] bomb = Coded.encode("gzip", Coded.encode("gzip", new byte[50_000_000]));
    assertThat(bomb).hasSizeLessThan(2_000);
    wire.give(Bytes.copyOf(bomb)).end();
    ReadAll drain = ReadAll.start(loop, ContentDecoding.DEFAULT.decode("gzip, gzip", wire));
    assertThat(drain.failure()).hasMessageContaining("1000 to 1");
    assertThat(drain.bytes()).hasSizeLessThan(2_000_000);
  }

  @Test
  void capsMayBeLifted() {
    ContentDecoding lifted = ContentDecoding.DEFAULT.withMaxBytes(0).withMaxRatio(0);
    wire.give(Bytes.copyOf(Coded.encode("br", new byte[20_000_000]))).end();
    assertThat(ReadAll.all(loop, lifted.decode("br", wire))).hasSize(20_000_000);
    assertThatThrownBy(() -> lifted.withMaxBytes(-1)).hasMessageContaining("maxBytes");
    assertThatThrownBy(() -> lifted.withMaxRatio(-1)).hasMessageContaining("maxRatio");
  }
}
