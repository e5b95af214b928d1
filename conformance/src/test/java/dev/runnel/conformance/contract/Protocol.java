package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Http2Peer;
import java.util.List;
import java.util.Random;

/** The versions that a suite runs over, and how each says what both promise. */
enum Protocol {
  /** Everything that ends early ends with the connection. */
  HTTP_1 {
    @Override
    String alpn() {
      return "http/1.1";
    }

    @Override
    Peer over(Peer bytes, String scheme) {
      return bytes;
    }

    @Override
    void assertLast(Peer peer, Answer answer) {
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(peer.awaitEnd()).as("behind the last answer").isEmpty();
    }

    @Override
    void assertGivenUp(Peer peer, Answer answer) {
      assertLast(peer, answer);
    }

    @Override
    String awaitBrokenOff(Peer peer) {
      return peer.awaitEnd();
    }

    @Override
    void assertTakenOver(String head, String protocol) {
      assertThat(head).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
      assertThat(head).contains("Connection: Upgrade\r\n", "Upgrade: " + protocol + "\r\n");
    }

    @Override
    void cutWrites(Peer peer, Random random) {
      // What a test sends stands on the wire as it is: it cuts its own text.
    }
  },

  /** A connection outlives its streams, and says before it ends which ones it took. */
  HTTP_2 {
    @Override
    String alpn() {
      return "h2";
    }

    @Override
    Peer over(Peer bytes, String scheme) {
      return new Http2Peer(bytes, scheme);
    }

    @Override
    void assertLast(Peer peer, Answer answer) {
      assertThat(peer.awaitEnd()).as("behind the last answer").isEmpty();
      List<Frame> goAways = ((Http2Peer) peer).goAways();
      assertThat(goAways).as("GOAWAY (RFC 9113 6.8)").isNotEmpty();
      assertThat(goAways).extracting(Frame::code).containsOnly(ErrorCode.NO_ERROR);
    }

    @Override
    void assertGivenUp(Peer peer, Answer answer) {
      assertThat(answer.headers("Connection")).isEmpty();
      Http2Peer http2 = (Http2Peer) peer;
      http2.await(p -> !http2.resets().isEmpty(), "the rest of the request to be given up");
      assertThat(http2.resets()).extracting(Frame::code).containsExactly(ErrorCode.NO_ERROR);
      http2.nextRequest();
      Contract.assertServes(peer);
    }

    @Override
    String awaitBrokenOff(Peer peer) {
      Http2Peer http2 = (Http2Peer) peer;
      String rest = http2.awaitOver();
      assertThat(http2.resets())
          .as("RST_STREAM")
          .extracting(Frame::code)
          .containsExactly(ErrorCode.INTERNAL_ERROR);
      Contract.assertServes(peer);
      return rest;
    }

    @Override
    void assertTakenOver(String head, String protocol) {
      assertThat(head).startsWith("HTTP/1.1 200 OK\r\n"); // RFC 8441 5
      assertThat(head).doesNotContain("Connection:", "Upgrade:");
    }

    @Override
    void cutWrites(Peer peer, Random random) {
      ((Http2Peer) peer).cuttingWrites(() -> 1 + random.nextInt(300));
    }
  };

  /** The name that TLS has for it (RFC 7301 6). */
  abstract String alpn();

  /** A client of this version on a connection. */
  abstract Peer over(Peer bytes, String scheme);

  /** The connection took no more requests than this one, said so, and ended. */
  abstract void assertLast(Peer peer, Answer answer);

  /** The answer came before the whole request, the rest of which nobody wants. */
  abstract void assertGivenUp(Peer peer, Answer answer);

  /** Waits until an answer that was begun has failed visibly, and takes what came of it. */
  abstract String awaitBrokenOff(Peer peer);

  /** The head of an answer gives the connection, or the stream, to this protocol. */
  abstract void assertTakenOver(String head, String protocol);

  /** From now on what goes out is cut into random pieces. */
  abstract void cutWrites(Peer peer, Random random);
}
