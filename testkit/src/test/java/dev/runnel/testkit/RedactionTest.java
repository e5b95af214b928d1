package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
  private static Recording recording(String target, Headers headers, RecordedBody body) {
    return new Recording(
        new Recording.Request("POST", target, headers, body),
        new Recording.Answer(200, 0, headers, RecordedBody.EMPTY),
        Redaction.NONE);
  }

  private static RecordedBody body(boolean cut, String... pieces) {
    List<Piece> all = new ArrayList<>();
    long length = cut ? 1_000 : 0;
    for (String piece : pieces) {
      Bytes bytes = Bytes.utf8(piece);
      length += bytes.length();
      all.add(new Piece(all.size(), bytes));
    }
    return new RecordedBody(all, length, End.COMPLETE, all.size(), Headers.EMPTY);
  }

  private static RecordedBody redacted(String type, RecordedBody body) {
    Headers headers = Headers.of("Content-Type", type, "Content-Length", "" + body.length());
    Recording clean = Redaction.DEFAULT.apply(recording("/", headers, body));
    RecordedBody after = clean.request().body();
    assertThat(clean.request().headers().get("Content-Length")).isEqualTo("" + after.length());
    assertThat(after.isCut()).isEqualTo(body.isCut());
    return after;
  }

  @Test
  void fieldsThatCarryCredentials() {
    Headers headers =
        Headers.of(
            "authorization",
            "Bearer x",
            "COOKIE",
            "a=b",
            "Set-Cookie",
            "s=1",
            "Set-Cookie",
            "t=2",
            "Proxy-Authorization",
            "Basic y",
            "X-Key",
            "k",
            "Location",
            "/a?token=1#f");
    Recording clean =
        Redaction.DEFAULT.withFields("x-key").apply(recording("/", headers, RecordedBody.EMPTY));
    for (Headers after : List.of(clean.request().headers(), clean.answer().headers())) {
      assertThat(after.get("Authorization")).isEqualTo("(redacted)");
      assertThat(after.get("Cookie")).isEqualTo("(redacted)");
      assertThat(after.all("Set-Cookie")).containsExactly("(redacted)", "(redacted)");
      assertThat(after.get("Proxy-Authorization")).isEqualTo("(redacted)");
      assertThat(after.get("X-Key")).isEqualTo("(redacted)");
      assertThat(after.get("Location")).isEqualTo("/a?token=(redacted)#f");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a?token=1, /a?token=(redacted)",
    "/a?x=1&PassWord=p%26q&y, /a?x=1&PassWord=(redacted)&y",
    "/a?t%6Fken=1&token=&token, /a?t%6Fken=(redacted)&token=(redacted)&token",
    "/a?mytoken=1&q=token=2, /a?mytoken=1&q=token=2",
    "/token=1, /token=1",
    "/a?%zz=1&token=2, /a?%zz=1&token=(redacted)",
  })
  void parametersOfTheQuery(String target, String clean) {
    Recording after = Redaction.DEFAULT.apply(recording(target, Headers.EMPTY, RecordedBody.EMPTY));
    assertThat(after.request().target()).isEqualTo(clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"password\":\"a\\\"b\",\"x\":1} ~ {\"password\":\"(redacted)\",\"x\":1}",
        "{\"a\":{\"Token\" : 17}} ~ {\"a\":{\"Token\" : \"(redacted)\"}}",
        "{\"secret\":{\"k\":[\"}\",1]},\"x\":2} ~ {\"secret\":\"(redacted)\",\"x\":2}",
        "{\"pass\\u0077ord\":null} ~ {\"pass\\u0077ord\":\"(redacted)\"}",
        "a 5\" pipe, {\"pwd\":\"x\"} ~ a 5\" pipe, {\"pwd\":\"(redacted)\"}",
        "data: {\"token\":\"x\"} ~ data: {\"token\":\"(redacted)\"}",
        "{\"token\":\"cut off ~ {\"token\":\"(redacted)\"",
        "{\"x\":\"password\",\"y\":\"a:b\"} ~ {\"x\":\"password\",\"y\":\"a:b\"}",
        "{\"token\": ~ {\"token\":",
      })
  void membersOfJson(String text, String clean) {
    assertThat(redacted("application/json", body(false, text)).text()).isEqualTo(clean);
    assertThat(redacted("text/event-stream", body(false, text)).text()).isEqualTo(clean);
  }

  @Test
  void fieldsOfForms() {
    String form = "application/x-www-form-urlencoded; charset=utf-8";
    assertThat(redacted(form, body(false, "a=1&password=p&b=2")).text())
        .isEqualTo("a=1&password=(redacted)&b=2");
  }

  @Test
  void partsOfForms() {
    String text =
        """
        --b
        Content-Disposition: form-data; name="password"

        sesame
        --b
        Content-Disposition: form-data; filename="password"; name=x

        kept
        --b--
        """
            .replace("\n", "\r\n");
    assertThat(redacted("multipart/form-data; boundary=b", body(false, text)).text())
        .isEqualTo(text.replace("sesame", "(redacted)"));
  }

  @Test
  void aSecretThatComesInPiecesGoesFromAllOfThem() {
    RecordedBody clean =
        redacted(
            "application/json", body(false, "{\"password\":\"op", "en ses", "ame\",\"x\":1", "}"));
    assertThat(clean.pieces())
        .containsExactly(
            new Piece(0, Bytes.utf8("{\"password\":\"(redacted)\"")),
            new Piece(2, Bytes.utf8(",\"x\":1")),
            new Piece(3, Bytes.utf8("}")));
  }

  @Test
  void aBodyThatWasCutWithinACharacterIsTextStill() {
    byte[] bytes = "{\"password\":\"sesam\u00e9".getBytes(StandardCharsets.UTF_8);
    Piece piece = new Piece(0, Bytes.copyOf(bytes, 0, bytes.length - 1));
    RecordedBody cut = new RecordedBody(List.of(piece), 1_000, End.COMPLETE, 0, Headers.EMPTY);
    assertThat(redacted("application/json", cut).text()).isEqualTo("{\"password\":\"(redacted)\"");
  }

  @Test
  void textThatIsNoUtf8IsSeenThroughToo() {
    byte[] bytes = "{\"name\":\"Zo\u00eb\",\"pwd\":\"x\"}".getBytes(StandardCharsets.ISO_8859_1);
    RecordedBody body =
        new RecordedBody(
            List.of(new Piece(0, Bytes.copyOf(bytes))),
            bytes.length,
            End.COMPLETE,
            0,
            Headers.EMPTY);
    assertThat(redacted("application/json", body).bytes().text(StandardCharsets.ISO_8859_1))
        .isEqualTo("{\"name\":\"Zo\u00eb\",\"pwd\":\"(redacted)\"}");
  }

  @Test
  void nothingIsTakenOutOfWhatIsNoText() {
    Piece piece = new Piece(0, Bytes.copyOf(new byte[] {(byte) 0xff, 0, 1}));
    RecordedBody body = new RecordedBody(List.of(piece), 3, End.COMPLETE, 0, Headers.EMPTY);
    assertThat(redacted("image/png", body)).isEqualTo(body);
  }

  @Test
  void hostileTextIsScannedInBoundedSteps() {
    // Were names of any length looked for behind each of these marks, this would be quadratic.
    String quotes = "\"\\".repeat(200_000);
    assertThat(redacted("application/json", body(false, quotes)).text()).isEqualTo(quotes);
  }
}
