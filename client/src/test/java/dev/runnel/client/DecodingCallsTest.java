package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When compressed answers are asked for; how they are undone is {@link DecodedResponseTest}'s. */
class DecodingCallsTest extends CallCases {
  @BeforeEach
  void decoding() {
    client(b -> b.decoding(ContentDecoding.DEFAULT));
  }

  @Test
  void everyHopIsAskedAlike() {
    get("http://a.example/");
    assertThat(sent("Accept-Encoding")).isEqualTo(ContentDecoding.acceptEncoding());
    answer(302, "Location", "http://b.example/");
    assertThat(sent("Accept-Encoding")).isEqualTo(ContentDecoding.acceptEncoding());
    answer(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Accept-Encoding, identity, identity",
    "accept-encoding, br, br",
    "Range, bytes=0-9, ''"
  })
  void whoAsksForCodingsOrRangesGetsWhatComes(String field, String value, String asked) {
    var answer = send(Request.get("http://a.example/").header(field, value));
    assertThat(sent("Accept-Encoding")).isEqualTo(asked);
    answer(200, "Content-Encoding", "br");
    assertThat(answer.join().headers().get("Content-Encoding")).isEqualTo("br");
  }
}
