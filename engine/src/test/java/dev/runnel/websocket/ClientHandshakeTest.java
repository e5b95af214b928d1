package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import dev.runnel.transport.ClientException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks for a session with, and which answers it takes (RFC 6455 4.1, RFC 8441 5). */
class ClientHandshakeTest {
  private static final String ACCEPT = "Sec-WebSocket-Accept";

  @Test
  void overHttp1ItIsAGetWithUpgrade() {
    ClientHandshake handshake = of(Version.HTTP_1_1);
    Headers fields = handshake.fields();
    assertThat(handshake.method()).isEqualTo(Method.GET);
    assertThat(fields.get("Upgrade")).isEqualTo("websocket");
    assertThat(fields.get("Connection")).isEqualTo("Upgrade");
    assertThat(fields.get("Sec-WebSocket-Version")).isEqualTo("13");
    assertThat(Base64.getDecoder().decode(fields.get("Sec-WebSocket-Key"))).hasSize(16);
    assertThat(fields.size()).isEqualTo(4);
    assertThat(handshake.fields()).as("asked for again").isEqualTo(fields);
  }

  @Test
  void overHttp2ItIsAConnectWithoutAKey() {
    ClientHandshake handshake = of(Version.HTTP_2, "v2", "v1");
    assertThat(handshake.method()).isEqualTo(Method.CONNECT);
    assertThat(handshake.fields())
        .isEqualTo(Headers.of("Sec-WebSocket-Version", "13", "Sec-WebSocket-Protocol", "v2, v1"));
  }

  @Test
  void protocolsAndExtensionsAreOffered() {
    ClientHandshake handshake =
        ClientHandshake.of(Version.HTTP_1_1, List.of("v2", "v1"), "permessage-deflate; a=1");
    assertThat(handshake.fields().get("Sec-WebSocket-Protocol")).isEqualTo("v2, v1");
    assertThat(handshake.fields().get("Sec-WebSocket-Extensions"))
        .isEqualTo("permessage-deflate; a=1");
  }

  @Test
  void keysDiffer() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      keys.add(of(Version.HTTP_1_1).fields().get("Sec-WebSocket-Key"));
    }
    assertThat(keys).hasSize(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a,b", "ä", "a\r\nb"})
  void aSubProtocolIsAToken(String name) {
    assertThatThrownBy(() -> of(Version.HTTP_1_1, name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token");
  }

  @Test
  void aSubProtocolIsOfferedOnce() {
    assertThatThrownBy(() -> of(Version.HTTP_1_1, "v1", "v2", "v1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("v1");
  }

  @Test
  void theExampleOfTheRfc() {
    assertThat(Handshake.answerTo("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  /** {@code $} stands for the right proof. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: websocket; Connection: Upgrade; A: $                      | ",
        "upgrade: WebSocket; connection: upgrade; A: $                      | ",
        "Upgrade: websocket; Connection: keep-alive, Upgrade; A: $          | ",
        "Upgrade: websocket; Connection: keep-alive; Connection: Upgrade; A: $ | ",
        "Upgrade: websocket; Connection: Upgrade; A: $; P: v1               | v1",
        "Upgrade: websocket; Connection: Upgrade; A: $; P: v2               | v2",
        "Upgrade: websocket; Connection: Upgrade; A: $; Server: x; Date: y  | ",
      })
  void goodAnswers(String fields, String protocol) {
    ClientHandshake handshake = of(Version.HTTP_1_1, "v2", "v1");
    assertThat(handshake.check(answer(handshake, 101, fields))).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // RFC 6455 4.1, 1: the status
        "200 | Upgrade: websocket; Connection: Upgrade; A: $ | answered 200 instead of 101",
        "100 | Upgrade: websocket; Connection: Upgrade; A: $ | answered 100 instead of 101",
        "204 | Upgrade: websocket; Connection: Upgrade; A: $ | answered 204 instead of 101",
        "301 | Location: /there                              | with Location: '/there'",
        "401 | WWW-Authenticate: Basic                       | answered 401",
        "403 |                                               | answered 403",
        "404 |                                               | answered 404",
        "426 | Sec-WebSocket-Version: 8                      | with Sec-WebSocket-Version: '8'",
        "426 | Sec-WebSocket-Version: 8; Sec-WebSocket-Version: 7 | [8, 7]",
        "500 |                                               | answered 500",
        "503 | Retry-After: 5                                | answered 503",
        // 2: Upgrade
        "101 | Connection: Upgrade; A: $                     | Upgrade must be 'websocket', but is not there",
        "101 | Upgrade: h2c; Connection: Upgrade; A: $       | but is 'h2c'",
        "101 | Upgrade: websockets; Connection: Upgrade; A: $ | but is 'websockets'",
        "101 | Upgrade: websocket, h2c; Connection: Upgrade; A: $ | but is 'websocket, h2c'",
        "101 | Upgrade: websocket/13; Connection: Upgrade; A: $ | but is 'websocket/13'",
        "101 | Upgrade: websocket; Upgrade: websocket; Connection: Upgrade; A: $ | [websocket, websocket]",
        "101 | Upgrade: ; Connection: Upgrade; A: $          | but is ''",
        "101 | Upgrade: wébsocket; Connection: Upgrade; A: $ | Upgrade must be",
        // 3: Connection
        "101 | Upgrade: websocket; A: $                      | Connection must name 'Upgrade', but is not there",
        "101 | Upgrade: websocket; Connection: close; A: $   | but is 'close'",
        "101 | Upgrade: websocket; Connection: Upgraded; A: $ | but is 'Upgraded'",
        "101 | Upgrade: websocket; Connection: keep-alive; Connection: close; A: $ | [keep-alive, close]",
        "101 | Upgrade: websocket; Connection: ; A: $        | Connection must name",
        // 4: Sec-WebSocket-Accept
        "101 | Upgrade: websocket; Connection: Upgrade       | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A:   | but is ''",
        "101 | Upgrade: websocket; Connection: Upgrade; A: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= | but is 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; A: $ | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $, $ | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $=   | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A: x$   | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A: \"$\" | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A: KEY  | Sec-WebSocket-Accept must be",
        "101 | Upgrade: websocket; Connection: Upgrade; A: LOWER | Sec-WebSocket-Accept must be",
        // 5: extensions that nobody asked for
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; E: permessage-deflate | Sec-WebSocket-Extensions must not be there",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; E: x | but is 'x'",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; E: | Sec-WebSocket-Extensions must not",
        // 6: a sub-protocol that nobody asked for
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: v3 | must be one of those offered [v2, v1], but is 'v3'",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: V1 | but is 'V1'",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: v1, v2 | but is 'v1, v2'",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: v1; P: v2 | [v1, v2]",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: v1; P: v1 | [v1, v1]",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: | but is ''",
        "101 | Upgrade: websocket; Connection: Upgrade; A: $; P: v | but is 'v'",
      })
  void badAnswers(int status, String fields, String complaint) {
    ClientHandshake handshake = of(Version.HTTP_1_1, "v2", "v1");
    refused(handshake, answer(handshake, status, fields == null ? "" : fields), complaint);
  }

  @Test
  void aSubProtocolWhereNoneWasOffered() {
    ClientHandshake handshake = of(Version.HTTP_1_1);
    String fields = "Upgrade: websocket; Connection: Upgrade; A: $; P: v1";
    refused(handshake, answer(handshake, 101, fields), "must not be there: none was offered");
  }

  @Test
  void theProofOfAnotherHandshake() {
    ClientHandshake handshake = of(Version.HTTP_1_1);
    ClientHandshake other = of(Version.HTTP_1_1);
    String fields = "Upgrade: websocket; Connection: Upgrade; A: $";
    refused(handshake, answer(other, 101, fields), "Sec-WebSocket-Accept must be");
  }

  @Test
  void aLongValueIsNotRepeatedAtLength() {
    ClientHandshake handshake = of(Version.HTTP_1_1);
    assertThatThrownBy(
            () -> handshake.check(answer(handshake, 101, "Upgrade: " + "x".repeat(10_000))))
        .extracting(e -> e.getMessage().length())
        .satisfies(length -> assertThat(length).isLessThan(200));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"200 | |", "200 | P: v1 | v1", "200 | A: nonsense; Date: x |"})
  void goodAnswersOverHttp2(int status, String fields, String protocol) {
    ClientHandshake handshake = of(Version.HTTP_2, "v2", "v1");
    ResponseHead answer = answer(handshake, status, fields == null ? "" : fields);
    assertThat(handshake.check(answer)).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "101 |       | answered 101 instead of 200",
        "201 |       | answered 201 instead of 200",
        "204 |       | answered 204",
        "400 |       | answered 400",
        "404 |       | answered 404",
        "501 |       | answered 501",
        "200 | P: v3 | but is 'v3'",
        "200 | P: v1; P: v2 | [v1, v2]",
        "200 | E: permessage-deflate | Sec-WebSocket-Extensions must not be there",
      })
  void badAnswersOverHttp2(int status, String fields, String complaint) {
    ClientHandshake handshake = of(Version.HTTP_2, "v2", "v1");
    refused(handshake, answer(handshake, status, fields == null ? "" : fields), complaint);
  }

  private static void refused(ClientHandshake handshake, ResponseHead answer, String complaint) {
    assertThatThrownBy(() -> handshake.check(answer))
        .hasMessageStartingWith("no WebSocket session: ")
        .hasMessageContaining(complaint)
        .asInstanceOf(type(ClientException.class))
        .extracting(ClientException::reason)
        .isEqualTo(ClientException.Reason.NOT_UPGRADED);
  }

  private static ClientHandshake of(Version version, String... protocols) {
    return ClientHandshake.of(version, List.of(protocols), null);
  }

  private static ResponseHead answer(ClientHandshake handshake, int status, String fields) {
    String key = handshake.fields().get("Sec-WebSocket-Key");
    String proof = key == null ? "" : Handshake.answerTo(key);
    Headers headers = Headers.EMPTY;
    for (String field : fields.isEmpty() ? new String[0] : fields.split(";")) {
      int colon = field.indexOf(':');
      String value = field.substring(colon + 1).strip();
      headers = headers.with(name(field.substring(0, colon).strip()), value(value, key, proof));
    }
    return new ResponseHead(Status.of(status), headers);
  }

  private static String name(String written) {
    return switch (written) {
      case "A" -> ACCEPT;
      case "P" -> "Sec-WebSocket-Protocol";
      case "E" -> "Sec-WebSocket-Extensions";
      default -> written;
    };
  }

  private static String value(String written, String key, String proof) {
    return switch (written) {
      case "KEY" -> key;
      case "LOWER" -> swapCase(proof);
      default -> written.replace("$", proof);
    };
  }

  /** Another text whatever the letters. */
  private static String swapCase(String text) {
    StringBuilder swapped = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                swapped.appendCodePoint(
                    Character.isUpperCase(c)
                        ? Character.toLowerCase(c)
                        : Character.toUpperCase(c)));
    return swapped.toString();
  }
}
