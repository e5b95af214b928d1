package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.websocket.PayloadCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who holds what, and when it is freed. */
class DeflatePoolTest {
  private static final Deflate ALONE = Deflate.DEFAULT;
  private static final Deflate TAKEOVER = ALONE.withTakeover(true, true);
  private static final Bytes TEXT = Bytes.copyOf(Samples.of(Samples.Sort.TEXT, 3000, 1));

  @BeforeEach
  @AfterEach
  void nothingNativeIsLeft() {
    DeflatePool.here().clear();
    assertOpen(0, 0);
  }

  private static void assertOpen(int compressors, int expanders) {
    assertThat(ZipCompressor.OPEN).as("compressors").hasValue(compressors);
    assertThat(Expander.OPEN).as("expanders").hasValue(expanders);
  }

  @Test
  void aThousandIdleSessionsShareOnePair() {
    List<PayloadCodec> sessions = sessions(ALONE, 1000);
    assertOpen(0, 0);
    for (int round = 0; round < 3; round++) {
      for (PayloadCodec session : sessions) {
        assertThat(expand(session, session.compress(TEXT, true), true)).isEqualTo(TEXT);
      }
      assertOpen(1, 1);
    }
    sessions.forEach(PayloadCodec::close);
    assertOpen(1, 1);
  }

  @Test
  void withTakeoverEachSessionHasItsOwnUntilItIsOver() {
    List<PayloadCodec> sessions = sessions(TAKEOVER, 10);
    assertOpen(0, 0);
    for (PayloadCodec session : sessions) {
      assertThat(expand(session, session.compress(TEXT, true), true)).isEqualTo(TEXT);
    }
    assertOpen(10, 10);
    sessions.get(0).close();
    sessions.get(0).close();
    assertOpen(9, 9);
    sessions.forEach(PayloadCodec::close);
    assertOpen(0, 0);
  }

  /**
   * Many messages in the middle at once: each has its own, and all but one pair goes at the end.
   */
  @Test
  void messagesInPartsDoNotMix() {
    List<PayloadCodec> sessions = sessions(ALONE, 20);
    Bytes first = TEXT.slice(0, 1000);
    Bytes second = TEXT.slice(1000, 3000);
    List<Bytes> parts = new ArrayList<>();
    for (PayloadCodec session : sessions) {
      parts.add(session.compress(first, false));
    }
    assertOpen(20, 0);
    for (int i = 0; i < 20; i++) {
      assertThat(expand(sessions.get(i), parts.get(i), false)).isEqualTo(first);
    }
    assertOpen(20, 20);
    for (PayloadCodec session : sessions) {
      assertThat(expand(session, session.compress(second, true), true)).isEqualTo(second);
    }
    assertOpen(1, 1);
    sessions.forEach(PayloadCodec::close);
    assertOpen(1, 1);
  }

  @Test
  void aSessionThatEndsInTheMiddleOfAMessageGivesBackWhatOthersCanUse() {
    PayloadCodec leaving = sessions(ALONE, 1).get(0);
    Bytes part = leaving.compress(TEXT, false);
    assertThat(expand(leaving, part, false)).isEqualTo(TEXT);
    leaving.close();
    assertOpen(1, 1);
    PayloadCodec next = sessions(ALONE, 1).get(0);
    Bytes whole = next.compress(TEXT, true);
    assertThat(whole.length()).as("nothing of the message before is known").isGreaterThan(200);
    assertThat(expand(next, whole, true)).isEqualTo(TEXT);
    next.close();
  }

  @Test
  void eachWindowAndLevelHasItsOwnCompressor() {
    for (int level : new int[] {1, 9}) {
      for (PayloadCodec session : sessions(ALONE.withLevel(level), 5)) {
        assertThat(expand(session, session.compress(TEXT, true), true)).isEqualTo(TEXT);
        session.close();
      }
    }
    assertOpen(2, 1);
    PayloadCodec small = sessions(ALONE.withWindowBits(8, 15), 1).get(0);
    assertThat(expand(small, small.compress(TEXT, true), true)).isEqualTo(TEXT);
    assertOpen(3, 1);
    small.close();
  }

  @Test
  void aCompressorWithoutReferencesIsNotKept() {
    List<PayloadCodec> sessions = sessions(TAKEOVER.withWindowBits(8, 15), 3);
    for (PayloadCodec session : sessions) {
      assertThat(expand(session, session.compress(TEXT, true), true)).isEqualTo(TEXT);
    }
    assertOpen(1, 3);
    sessions.forEach(PayloadCodec::close);
    assertOpen(1, 0);
  }

  /** A sink that answers at once, on the same loop, needs a buffer while one is in use. */
  @Test
  void aSinkMayUseOtherCodecs() {
    List<PayloadCodec> sessions = sessions(ALONE, 2);
    byte[] message = Samples.of(Samples.Sort.MIXED, 100_000, 1);
    Bytes payload = sessions.get(0).compress(Bytes.copyOf(message), true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sessions
        .get(0)
        .expand(
            payload,
            true,
            (bytes, offset, length) -> {
              Bytes echo = sessions.get(1).compress(Bytes.copyOf(bytes, offset, length), true);
              assertThat(expand(sessions.get(1), echo, true).length()).isEqualTo(length);
              out.write(bytes, offset, length);
            });
    assertThat(out.toByteArray()).isEqualTo(message);
    assertOpen(1, 1);
    sessions.forEach(PayloadCodec::close);
  }

  @Test
  void aSinkMayEndTheSession() {
    for (Deflate options : new Deflate[] {ALONE, TAKEOVER}) {
      PayloadCodec session = sessions(options, 1).get(0);
      Bytes payload = session.compress(TEXT, true);
      session.expand(payload, true, (bytes, offset, length) -> session.close());
      session.close();
      DeflatePool.here().clear();
      assertOpen(0, 0);
    }
  }

  private static List<PayloadCodec> sessions(Deflate options, int count) {
    Headers offer = Headers.of("Sec-WebSocket-Extensions", "permessage-deflate");
    List<PayloadCodec> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(DeflateNegotiation.accept(options, offer).codec());
    }
    return all;
  }

  private static Bytes expand(PayloadCodec codec, Bytes payload, boolean last) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.expand(payload, last, out::write);
    return Bytes.copyOf(out.toByteArray());
  }
}
