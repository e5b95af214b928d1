package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixtureTest {
  private static final String FIXTURE =
      """
      runnel recording 1
      redacted fields: Authorization, Cookie
      redacted members: password

      > POST /login?next=home
      > Host: localhost
      > X-Empty:
      @0 ms
      : {"user":"ada",
      @250 ms
      : "password":"(redacted)"}
      end @250 ms

      < 200 @251 ms
      < Content-Type: text/plain
      @251 ms
      | Hello,
      |
      : back\\\\slash\\r and\\s
      @300 ms
      = /w==
      end @301 ms, broken off, cut from 100 bytes
      + Checksum: 17
      """;

  @Test
  void aFixtureIsReadAndWrittenAsItIs() {
    Recording recording = Recording.parse(FIXTURE, "a.txt");
    assertThat(recording.text()).isEqualTo(FIXTURE);
    assertThat(recording.request().target()).isEqualTo("/login?next=home");
    assertThat(recording.request().headers().get("X-Empty")).isEmpty();
    assertThat(recording.request().body().pieces()).hasSize(2);
    RecordedBody said = recording.answer().body();
    assertThat(said.pieces().get(0).bytes().utf8()).isEqualTo("Hello,\n\nback\\slash\r and ");
    assertThat(said.pieces().get(1).bytes().toByteArray()).containsExactly(0xff);
    assertThat(said.end()).isEqualTo(End.BROKEN);
    assertThat(said.isCut()).isTrue();
    assertThat(said.length()).isEqualTo(100);
    assertThat(said.trailers().get("Checksum")).isEqualTo("17");
    assertThat(recording.redaction().members()).containsExactly("password");
  }

  @Test
  void linesThatEndWithCrLfAreReadToo() {
    assertThat(Recording.parse(FIXTURE.replace("\n", "\r\n"), "a.txt").text()).isEqualTo(FIXTURE);
  }

  @Test
  void whateverBytesThereAreComeBack(@TempDir Path directory) throws IOException {
    Random random = new Random(5);
    String[] parts = {
      "\n", "\r\n", " ", "\t", "\\", ":", "| ", "@1 ms\n", "end @1 ms", "é", "\u2028", "a"
    };
    for (int round = 0; round < 300; round++) {
      byte[] noise = new byte[1 + random.nextInt(40)];
      random.nextBytes(noise);
      StringBuilder text = new StringBuilder("x");
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      RecordedBody body =
          new RecordedBody(
              List.of(
                  new Piece(1, Bytes.utf8(text.toString())),
                  new Piece(2, Bytes.copyOf(noise)),
                  new Piece(2, Bytes.utf8(text.reverse().toString()))),
              noise.length + 2L * Bytes.utf8(text.toString()).length(),
              End.COMPLETE,
              3,
              Headers.of("T", "é"));
      Recording recording =
          new Recording(
              new Recording.Request("PUT", "/x", Headers.of("Host", "h"), body),
              new Recording.Answer(0, 3, Headers.EMPTY, RecordedBody.EMPTY),
              Redaction.DEFAULT);
      Path file = directory.resolve("r.txt");
      recording.write(file);
      assertThat(Recording.read(file)).isEqualTo(recording);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "runnel recording 1 ~ runnel recording 9 ~ 1: expected 'runnel recording 1'",
        "redacted fields: ~ hidden fields: ~ 2: expected 'redacted fields:'",
        "> POST /login ~ > POST  /login ~ 5: expected the line of the request",
        "> Host: localhost ~ > Host localhost ~ 6: expected a field 'Name: value'",
        "> Host: ~ > Ho st: ~ 6: ",
        "@0 ms ~ @zero ms ~ 8: expected the time of a piece",
        ": {\"user\" ~ {\"user\" ~ 9: a piece needs bytes",
        "end @250 ms ~ end ~ 12: expected a piece, such as '@5 ms', or the end of the body",
        "end @250 ms ~ end @249 ms ~ 12: time does not go back from 250 ms to 249 ms",
        "< 200 ~ < 2000 ~ 14: expected the status of the answer",
        "| Hello, ~ : Hello, ~ 18: nothing follows a line with ':'",
        "back\\\\slash ~ back\\slash\\q ~ 19: a backslash is written '\\\\'",
        "= /w== ~ = /w=*= ~ 21: malformed Base64",
        "broken off ~ blown up ~ 22: no body ends 'blown up'",
        "cut from 100 ~ cut from 10 ~ 22: cut from 10 bytes, but",
        "+ Checksum ~ Checksum ~ 23: expected an empty line, but found 'Checksum: 17'",
      })
  void aBrokenFixtureIsToldWithFileLineAndWhat(String good, String bad, String message) {
    assertThat(FIXTURE).contains(good);
    String broken = FIXTURE.replace(good, bad);
    assertThatThrownBy(() -> Recording.parse(broken, "dir/a.txt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("dir/a.txt:")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11, 12, 13, 15, 20})
  void aFixtureThatEndsEarlyIsBroken(int lines) {
    String cut = String.join("\n", List.of(FIXTURE.split("\n")).subList(0, lines));
    assertThatThrownBy(() -> Recording.parse(cut, "a.txt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a.txt:");
  }

  @Test
  void theNameOfTheFileIsInTheMessage(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("broken.txt");
    Files.writeString(file, "hello\n");
    assertThatThrownBy(() -> Recording.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + ":1: expected 'runnel recording 1', but found 'hello'");
  }
}
