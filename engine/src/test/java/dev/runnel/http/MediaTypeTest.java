package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "text/plain | text/plain",
        "TEXT/Plain | text/plain",
        "text/plain;charset=UTF-8 | text/plain; charset=utf-8",
        "text/plain ; Charset=\"UTF-8\" | text/plain; charset=utf-8",
        "text/plain;\t charset=utf-8 ; | text/plain; charset=utf-8",
        "text/plain;;;a=b;; | text/plain; a=b",
        "text/plain; | text/plain",
        "multipart/form-data; boundary=\"a b:c\" | multipart/form-data; boundary=\"a b:c\"",
        "a/b; c=\"x\\\"y\\\\z\" | a/b; c=\"x\\\"y\\\\z\"",
        "a/b; c=\"\\x;,\" | a/b; c=\"x;,\"",
        "a/b; c=\"\" | a/b; c=\"\"",
        "a/b; c=X; C=y | a/b; c=X",
        "application/vnd.a+json | application/vnd.a+json",
        "*/* | */*",
        "text/* | text/*",
      })
  void parses(String text, String canonical) {
    MediaType parsed = MediaType.parse(text);

    assertThat(parsed).hasToString(canonical);
    assertThat(MediaType.parse(canonical)).isEqualTo(parsed).hasSameHashCodeAs(parsed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "text/",
        "/plain",
        " text/plain",
        "text /plain",
        "text/ plain",
        "text/plain/x",
        "text/plain, text/html",
        "text/plain a=b",
        "*/plain",
        "te(xt/plain",
        "t\u00e4xt/plain",
        "a/b; c",
        "a/b; =c",
        "a/b; c=",
        "a/b; c =d",
        "a/b; c= d",
        "a/b; c=\"d",
        "a/b; c=\"d\\",
        "a/b; c=\"d\"e",
        "a/b; c=\"\r\n\"",
        "a/b; c=\"\\\n\"",
        "a/b; c=\"\u20ac\"",
        "a/b; c=d\r\n",
      })
  void refusesWhatIsNoMediaType(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MediaType.parse(text))
        .withMessageContaining(Tokens.quote(text));
  }

  @Test
  void hasParts() {
    MediaType type = MediaType.parse("Multipart/Form-Data; Boundary=AbC; charset=UTF-8");

    assertThat(type.type()).isEqualTo("multipart");
    assertThat(type.subtype()).isEqualTo("form-data");
    assertThat(type.parameter("BOUNDARY")).isEqualTo("AbC");
    assertThat(type.parameter("none")).isNull();
    assertThat(type.charset()).isEqualTo(StandardCharsets.UTF_8);
    assertThat(MediaType.JSON.charset()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"klingon", "utf-8\\\"", "", "a b"})
  void unknownCharsetIsTheClientsError(String charset) {
    MediaType type = MediaType.parse("text/plain; charset=\"" + charset + "\"");

    assertThatThrownBy(type::charset)
        .isInstanceOfSatisfying(
            HttpError.class,
            error -> assertThat(error.status()).isEqualTo(Status.UNSUPPORTED_MEDIA_TYPE));
  }

  @Test
  void takesFurtherParameters() {
    MediaType html = MediaType.HTML.with("Charset", "UTF-8");

    assertThat(html).hasToString("text/html; charset=utf-8");
    assertThat(html.with("charset", "us-ascii")).hasToString("text/html; charset=us-ascii");
    assertThat(html.with("a", "b c").toString()).endsWith("; a=\"b c\"");
    assertThat(MediaType.HTML).hasToString("text/html");
    assertThatIllegalArgumentException().isThrownBy(() -> html.with("a b", "c"));
    assertThatIllegalArgumentException().isThrownBy(() -> html.with("a", "\r\nX: y"));
  }

  @Test
  void theOrderOfParametersDoesNotCount() {
    assertThat(MediaType.parse("a/b; c=1; d=2")).isEqualTo(MediaType.parse("A/B;d=2;C=1"));
    assertThat(MediaType.parse("a/b; c=x")).isNotEqualTo(MediaType.parse("a/b; c=X"));
    assertThat(MediaType.parse("a/b")).isNotEqualTo(MediaType.parse("a/c")).isNotEqualTo("a/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html | */* | true",
        "text/html | text/* | true",
        "text/html | TEXT/HTML | true",
        "text/html | image/* | false",
        "text/html | text/plain | false",
        "text/html;level=1 | text/html | true",
        "text/html | text/html;level=1 | false",
        "text/html;level=1 | text/html;level=2 | false",
        "text/html;level=1;a=b | text/html;level=1 | true",
        "text/html;level=1 | text/*;level=1 | true",
        "application/json | application/json;charset=utf-8 | true",
        "text/html;charset=utf-8 | text/html;charset=UTF-8 | true",
        "text/html;charset=utf-8 | text/html;charset=ascii | false",
        "text/html | text/html;q=0.5;level=1 | true",
        "application/problem+json | application/json | false",
      })
  void matchesRanges(String type, String range, boolean expected) {
    assertThat(MediaType.parse(type).matches(MediaType.parse(range))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "index.html | text/html; charset=utf-8",
        "A.B.HTM | text/html; charset=utf-8",
        "app.mjs | text/javascript; charset=utf-8",
        "style.css | text/css; charset=utf-8",
        "a.json | application/json",
        "a.svg | image/svg+xml",
        "a.tar.gz | application/gzip",
        "a.wasm | application/wasm",
        "dir.html/file | application/octet-stream",
        "Makefile | application/octet-stream",
        "html | application/octet-stream",
        ".html | text/html; charset=utf-8",
        "a. | application/octet-stream",
        "a.unknown | application/octet-stream",
        "/ | application/octet-stream",
      })
  void guessesFromFileNames(String file, String expected) {
    assertThat(MediaType.ofFileName(Path.of(file))).isEqualTo(expected);
    assertThat(MediaType.parse(expected)).hasToString(expected);
  }

  @Test
  void anyParameterSurvivesText() {
    Random random = new Random(99);
    for (int round = 0; round < 500; round++) {
      String value =
          random
              .ints(random.nextInt(12), ' ', 0x100)
              .filter(c -> c != 0x7F)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      MediaType type = MediaType.JSON.with("x", value);

      assertThat(MediaType.parse(type.toString())).isEqualTo(type);
      assertThat(type.parameter("X")).isEqualTo(value);
      assertThat(Headers.of("Content-Type", type.toString()).size()).isEqualTo(1);
    }
  }
}
