package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Writes fixtures; {@link Recording} says how they look. */
final class FixtureText {
  static final String FIRST_LINE = "runnel recording 1";
  static final String FIELDS = "redacted fields:";
  static final String MEMBERS = "redacted members:";

  private static final int BASE64_LINE = 76;

  private final StringBuilder text = new StringBuilder();

  private FixtureText() {}

  static String of(Recording recording) {
    FixtureText out = new FixtureText();
    out.line(FIRST_LINE);
    out.list(FIELDS, recording.redaction().fields());
    out.list(MEMBERS, recording.redaction().members());
    out.line("");
    Recording.Request request = recording.request();
    out.line("> " + request.method() + " " + request.target());
    out.fields("> ", request.headers());
    out.body(request.body());
    out.line("");
    Recording.Answer answer = recording.answer();
    String status = answer.status() == 0 ? "none" : Integer.toString(answer.status());
    out.line("< " + status + " @" + answer.headMillis() + " ms");
    out.fields("< ", answer.headers());
    out.body(answer.body());
    return out.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void list(String name, Iterable<String> names) {
    String joined = String.join(", ", names);
    line(joined.isEmpty() ? name : name + " " + joined);
  }

  private void fields(String prefix, Headers headers) {
    headers.forEach(
        (name, value) -> line(prefix + name + ":" + (value.isEmpty() ? "" : " " + value)));
  }

  private void body(RecordedBody body) {
    body.pieces().forEach(this::piece);
    String how = body.end() == End.COMPLETE ? "" : ", " + body.end().word();
    String cut = body.isCut() ? ", cut from " + body.length() + " bytes" : "";
    line("end @" + body.endMillis() + " ms" + how + cut);
    fields("+ ", body.trailers());
  }

  private void piece(Piece piece) {
    line("@" + piece.millis() + " ms");
    String readable = readable(piece.bytes());
    if (readable == null) {
      base64(piece.bytes());
    } else {
      lines(readable);
    }
  }

  private void base64(Bytes bytes) {
    String encoded = Base64.getEncoder().encodeToString(bytes.toByteArray());
    for (int from = 0; from < encoded.length(); from += BASE64_LINE) {
      line("= " + encoded.substring(from, Math.min(encoded.length(), from + BASE64_LINE)));
    }
  }

  private void lines(String readable) {
    String[] lines = readable.split("\n", -1);
    for (int i = 0; i < lines.length - 1; i++) {
      line(lines[i].isEmpty() ? "|" : "| " + escaped(lines[i]));
    }
    String last = lines[lines.length - 1];
    if (!last.isEmpty()) {
      line(": " + escaped(last));
    }
  }

  /** The bytes as text that a person and an editor leave as it is; null if they are none. */
  private static @Nullable String readable(Bytes bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      return null; // that is the answer: it is no UTF-8
    }
    boolean controls =
        text.chars()
            .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t');
    // Editors take U+FEFF for a mark of the encoding, and U+2028 and U+2029 for ends of lines.
    boolean odd = text.chars().anyMatch(c -> c == 0xfeff || c == 0x2028 || c == 0x2029);
    return controls || odd ? null : text;
  }

  /** Editors drop white space at the end of a line, and rewrite carriage returns. */
  private static String escaped(String line) {
    String plain = line.replace("\\", "\\\\").replace("\r", "\\r");
    if (plain.endsWith(" ")) {
      return plain.substring(0, plain.length() - 1) + "\\s";
    }
    return plain.endsWith("\t") ? plain.substring(0, plain.length() - 1) + "\\t" : plain;
  }
}
