package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers and answers of permessage-deflate by RFC 7692 5 and 7.1. */
class DeflateNegotiationTest {
  private static final String NONE = "none";
  private static final Deflate BOTH_TAKE_OVER = Deflate.DEFAULT.withTakeover(true, true);

  /** What the server with default options answers to what the client offers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permessage-deflate                                          | SN; CN
          permessage-deflate; client_max_window_bits                  | SN; CN
          permessage-deflate; client_max_window_bits=15               | SN; CN; CB=15
          permessage-deflate; client_max_window_bits=8                | SN; CN; CB=8
          permessage-deflate; client_max_window_bits=10               | SN; CN; CB=10
          permessage-deflate; client_max_window_bits="12"             | SN; CN; CB=12
          permessage-deflate; client_max_window_bits="1\\2"           | SN; CN; CB=12
          permessage-deflate; server_max_window_bits=15               | SN; CN; SB=15
          permessage-deflate; server_max_window_bits=9                | SN; CN; SB=9
          permessage-deflate; server_max_window_bits=8                | SN; CN; SB=8
          permessage-deflate; server_no_context_takeover              | SN; CN
          permessage-deflate; client_no_context_takeover              | SN; CN
          permessage-deflate;server_max_window_bits=11;client_max_window_bits=13 | SN; CN; SB=11; CB=13
          permessage-deflate ; server_max_window_bits = 11 ; client_max_window_bits = 13 | SN; CN; SB=11; CB=13
          permessage-deflate; client_max_window_bits; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10 | SN; CN; SB=10
          , permessage-deflate ,,                                     | SN; CN
          x-webkit-deflate-frame, permessage-deflate                  | SN; CN
          foo; bar="baz"; qux, permessage-deflate; client_max_window_bits=9 | SN; CN; CB=9
          permessage-bzip2; permessage-deflate, permessage-deflate    | SN; CN
          permessage-deflate; server_max_window_bits=10, permessage-deflate | SN; CN; SB=10
          permessage-deflate, permessage-deflate; server_max_window_bits=10 | SN; CN
          permessage-deflate; unknown, permessage-deflate; client_max_window_bits=14 | SN; CN; CB=14
          permessage-deflate; server_max_window_bits=16, permessage-deflate; server_max_window_bits=12 | SN; CN; SB=12
          permessage-deflate; a, permessage-deflate; b, permessage-deflate; c, permessage-deflate | SN; CN
          foo                                                         | none
          permessage-deflate2                                         | none
          permessage                                                  | none
          PerMessage-Deflate                                          | none
          permessage-deflate; unknown                                 | none
          permessage-deflate; unknown=1                               | none
          permessage-deflate; Client_Max_Window_Bits                  | none
          permessage-deflate; server_no_context_takeover=true         | none
          permessage-deflate; client_no_context_takeover=1            | none
          permessage-deflate; server_max_window_bits                  | none
          permessage-deflate; server_max_window_bits=7                | none
          permessage-deflate; server_max_window_bits=16               | none
          permessage-deflate; server_max_window_bits=0                | none
          permessage-deflate; server_max_window_bits=08               | none
          permessage-deflate; server_max_window_bits=010              | none
          permessage-deflate; server_max_window_bits=+9               | none
          permessage-deflate; server_max_window_bits=-9               | none
          permessage-deflate; server_max_window_bits=0x9              | none
          permessage-deflate; server_max_window_bits=1e1              | none
          permessage-deflate; server_max_window_bits=10.0             | none
          permessage-deflate; server_max_window_bits=4294967306       | none
          permessage-deflate; client_max_window_bits=7                | none
          permessage-deflate; client_max_window_bits=16               | none
          permessage-deflate; client_max_window_bits=09               | none
          permessage-deflate; client_max_window_bits=true             | none
          permessage-deflate; client_max_window_bits="015"            | none
          permessage-deflate; client_max_window_bits; client_max_window_bits | none
          permessage-deflate; client_max_window_bits=9; client_max_window_bits=9 | none
          permessage-deflate; server_max_window_bits=9; server_max_window_bits=10 | none
          permessage-deflate; server_no_context_takeover; server_no_context_takeover | none
          permessage-deflate; client_no_context_takeover; client_no_context_takeover | none
          permessage-deflate; server_max_window_bits=7, permessage-deflate; x | none
          """)
  void theServerAnswers(String offer, String expected) {
    assertThat(answer(Deflate.DEFAULT, offer)).isEqualTo(full(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permessage-deflate                                                          | ''
          permessage-deflate; server_no_context_takeover                              | SN
          permessage-deflate; client_no_context_takeover                              | CN
          permessage-deflate; server_no_context_takeover; client_no_context_takeover  | SN; CN
          permessage-deflate; server_max_window_bits=9; client_max_window_bits        | SB=9
          """)
  void theStricterEndWinsAboutTakeover(String offer, String expected) {
    assertThat(answer(BOTH_TAKE_OVER, offer)).isEqualTo(full(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permessage-deflate                                                      | SN; CN; SB=11
          permessage-deflate; client_max_window_bits                              | SN; CN; SB=11; CB=12
          permessage-deflate; client_max_window_bits=10                           | SN; CN; SB=11; CB=10
          permessage-deflate; client_max_window_bits=12                           | SN; CN; SB=11; CB=12
          permessage-deflate; client_max_window_bits=15                           | SN; CN; SB=11; CB=12
          permessage-deflate; server_max_window_bits=15                           | SN; CN; SB=11
          permessage-deflate; server_max_window_bits=10                           | SN; CN; SB=10
          permessage-deflate; server_max_window_bits=12; client_max_window_bits=8 | SN; CN; SB=11; CB=8
          """)
  void theStricterEndWinsAboutWindows(String offer, String expected) {
    assertThat(answer(Deflate.DEFAULT.withWindowBits(11, 12), offer)).isEqualTo(full(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        ", ,",
        ";",
        "=",
        "permessage-deflate;",
        "permessage-deflate; ;",
        "permessage-deflate; ,",
        "permessage-deflate foo",
        "permessage-deflate; a b",
        "permessage-deflate; a=1 b",
        "permessage-deflate; a=",
        "permessage-deflate; a=,",
        "permessage-deflate; =1",
        "permessage-deflate; a==1",
        "permessage-deflate; a=1=2",
        "permessage-deflate; a=\"\"",
        "permessage-deflate; a=\"1",
        "permessage-deflate; a=\"1\\",
        "permessage-deflate; a=\"1\\\"",
        "permessage-deflate; a=\"1 2\"",
        "permessage-deflate; a=\"1,2\"",
        "permessage-deflate; a=\"1\"2",
        "permessage-deflate; a='1'; b=(c)",
        "permessage-deflate; a=ü",
        "\"permessage-deflate\"",
        "permessage/deflate",
        "permessage-deflate, foo;",
        "foo@bar, permessage-deflate"
      })
  void aMalformedFieldIsABadRequest(String value) {
    Headers request = lines("permessage-deflate", value);
    for (Deflate options : new Deflate[] {Deflate.DEFAULT, Deflate.OFF}) {
      assertThatThrownBy(() -> DeflateNegotiation.accept(options, request))
          .isInstanceOfSatisfying(
              HttpError.class, e -> assertThat(e.status().code()).isEqualTo(400))
          .hasMessageContaining("Sec-WebSocket-Extensions is malformed at index ");
    }
  }

  @Test
  void theMessageShowsWhereItIsMalformed() {
    assertThatThrownBy(
            () -> DeflateNegotiation.accept(Deflate.DEFAULT, lines("permessage-deflate; a=")))
        .hasMessageContaining(
            "at index 22 of \"permessage-deflate; a=\": a name or value is missing");
  }

  @Test
  void offersInSeveralLinesAreOneList() {
    DeflateTerms terms =
        DeflateNegotiation.accept(
            Deflate.DEFAULT,
            lines(
                "foo, permessage-deflate; unknown",
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate"));
    assertThat(terms.header()).endsWith("; server_max_window_bits=10");
  }

  @Test
  void withoutTheFieldThereIsNoCompression() {
    assertThat(DeflateNegotiation.accept(Deflate.DEFAULT, Headers.EMPTY)).isNull();
  }

  @Test
  void compressionThatIsOffDeclinesAllOffers() {
    assertThat(answer(Deflate.OFF, "permessage-deflate")).isEqualTo(NONE);
  }

  @Test
  void manyOffersAreReadOnce() {
    String bad = "permessage-deflate; server_max_window_bits=7, ".repeat(300);
    assertThat(answer(Deflate.DEFAULT, bad + "permessage-deflate")).isEqualTo(full("SN; CN"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          false | false | 15 | 15 | SN; CN; CB
          true  | false | 15 | 15 | CN; CB
          false | true  | 15 | 15 | SN; CB
          true  | true  | 15 | 15 | CB
          false | false | 10 | 15 | SN; CN; SB=10; CB
          false | false | 15 | 10 | SN; CN; CB=10
          true  | true  | 8  | 9  | SB=8; CB=9
          """)
  void theClientOffers(boolean server, boolean client, int serverBits, int clientBits, String all) {
    Deflate options =
        Deflate.DEFAULT.withTakeover(server, client).withWindowBits(serverBits, clientBits);
    assertThat(DeflateNegotiation.offer(options)).isEqualTo(full(all));
  }

  @Test
  void aClientWithoutCompressionOffersNone() {
    assertThat(DeflateNegotiation.offer(Deflate.OFF)).isNull();
  }

  /** Offered: both takeovers, the server's window 12, the client's 13. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SB=12                 | 13 | true  | true
          SB=9                  | 13 | true  | true
          SB=8; CB=8            | 8  | true  | true
          SB=12; CB=13          | 13 | true  | true
          SB=12; CB=9           | 9  | true  | true
          SN; SB=12             | 13 | true  | false
          CN; SB=12             | 13 | false | true
          SN; CN; SB=12; CB=10  | 10 | false | false
          """)
  void theClientTakesAnAnswer(String answer, int bits, boolean send, boolean receive) {
    Deflate options = BOTH_TAKE_OVER.withWindowBits(12, 13);
    DeflateTerms terms = DeflateNegotiation.confirm(options, lines(full(answer)));
    assertThat(terms.sendBits()).isEqualTo(bits);
    assertThat(terms.sendTakeover()).isEqualTo(send);
    assertThat(terms.receiveTakeover()).isEqualTo(receive);
  }

  /** The same offer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permessage-deflate                                       | without server_max_window_bits
          permessage-deflate; server_max_window_bits=13            | 12 was offered
          permessage-deflate; server_max_window_bits=12; client_max_window_bits=14 | 13 was offered
          permessage-deflate; server_max_window_bits=12; client_max_window_bits    | no value
          permessage-deflate; server_max_window_bits               | must be 8 to 15, but has no value
          permessage-deflate; server_max_window_bits=07            | must be 8 to 15, but is 07
          permessage-deflate; server_max_window_bits=12; client_max_window_bits=16 | must be 8 to 15
          permessage-deflate; server_max_window_bits=12; x         | no parameter named x
          permessage-deflate; server_max_window_bits=12; client_no_context_takeover=1 | must have no value
          permessage-deflate; server_max_window_bits=12; server_max_window_bits=12 | twice
          permessage-deflate; server_max_window_bits=12, permessage-deflate | 2 extensions
          permessage-deflate; server_max_window_bits=12, foo       | 2 extensions
          foo                                                      | foo, which was not offered
          permessage-deflate;                                      | malformed
          """)
  void theClientFailsTheHandshake(String answer, String why) {
    Deflate options = BOTH_TAKE_OVER.withWindowBits(12, 13);
    assertThatThrownBy(() -> DeflateNegotiation.confirm(options, lines(answer)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theClientFailsTheHandshakeIfTheServerKeepsItsDictionaryAgainstItsWord() {
    assertThatThrownBy(
            () -> DeflateNegotiation.confirm(Deflate.DEFAULT, lines("permessage-deflate")))
        .hasMessageContaining("without server_no_context_takeover");
  }

  @Test
  void anAnswerWithoutAnOfferFailsTheHandshake() {
    assertThatThrownBy(() -> DeflateNegotiation.confirm(Deflate.OFF, lines("permessage-deflate")))
        .hasMessageContaining("not offered");
  }

  @Test
  void anAnswerWithoutExtensionsIsASessionWithoutCompression() {
    assertThat(DeflateNegotiation.confirm(Deflate.DEFAULT, Headers.EMPTY)).isNull();
  }

  /** Whatever both want, they come to terms, and both mean the same by them. */
  @Test
  void bothRolesComeToTerms() {
    for (Deflate client : wishes()) {
      for (Deflate server : wishes()) {
        String offer = DeflateNegotiation.offer(client);
        DeflateTerms there = DeflateNegotiation.accept(server, lines(offer));
        DeflateTerms here = DeflateNegotiation.confirm(client, lines(there.header()));
        assertThat(here.header()).isEqualTo(there.header());
        // A sender may use less than the receiver is ready for, never more.
        assertThat(!here.sendTakeover() || there.receiveTakeover()).isTrue();
        assertThat(!there.sendTakeover() || here.receiveTakeover()).isTrue();
        assertThat(here.sendBits())
            .isEqualTo(Math.min(client.clientWindowBits(), server.clientWindowBits()));
        assertThat(there.sendBits())
            .isEqualTo(Math.min(client.serverWindowBits(), server.serverWindowBits()));
      }
    }
  }

  private static Iterable<Deflate> wishes() {
    List<Deflate> all = new ArrayList<>();
    for (int serverBits : new int[] {8, 9, 12, 15}) {
      for (int clientBits : new int[] {8, 9, 12, 15}) {
        for (int takeover = 0; takeover < 4; takeover++) {
          all.add(
              Deflate.DEFAULT
                  .withTakeover((takeover & 1) != 0, (takeover & 2) != 0)
                  .withWindowBits(serverBits, clientBits));
        }
      }
    }
    return all;
  }

  private static String answer(Deflate options, String offer) {
    DeflateTerms terms = DeflateNegotiation.accept(options, lines(offer));
    return terms == null ? NONE : terms.header();
  }

  private static Headers lines(String... values) {
    Headers headers = Headers.EMPTY;
    for (String value : values) {
      headers = headers.with("Sec-WebSocket-Extensions", value);
    }
    return headers;
  }

  /** The tables would not fit a line otherwise. */
  private static String full(String brief) {
    if (brief.equals(NONE)) {
      return NONE;
    }
    return ("permessage-deflate" + (brief.isEmpty() ? "" : "; " + brief))
        .replace("SN", "server_no_context_takeover")
        .replace("CN", "client_no_context_takeover")
        .replace("SB", "server_max_window_bits")
        .replace("CB", "client_max_window_bits");
  }
}
