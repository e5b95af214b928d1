package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads fixtures; {@link Recording} says how they look. */
final class FixtureParser {
  private static final Pattern REQUEST = Pattern.compile("> (\\S+) (\\S+)");
  private static final Pattern ANSWER = Pattern.compile("< (none|[1-9][0-9]{2}) @([0-9]{1,12}) ms");
  private static final Pattern PIECE = Pattern.compile("@([0-9]{1,12}) ms");
  private static final Pattern END =
      Pattern.compile("end @([0-9]{1,12}) ms(?:, ([a-z ]+?))?(?:, cut from ([0-9]{1,18}) bytes)?");

  private final String[] lines;
  private final String name;
  private int at;

  FixtureParser(String text, String name) {
    this.lines = text.split("\n", -1);
    this.name = name;
  }

  Recording parse() {
    expect(FixtureText.FIRST_LINE);
    Redaction redaction =
        Redaction.NONE.withFields(list(FixtureText.FIELDS)).withMembers(list(FixtureText.MEMBERS));
    expect("");
    Recording.Request request = request();
    expect("");
    Recording.Answer answer = answer();
    while (!atEnd()) {
      expect("");
    }
    return new Recording(request, answer, redaction);
  }

  private Recording.Request request() {
    Matcher line = match(REQUEST, "the line of the request, such as '> GET /path'");
    Headers headers = fields("> ");
    return new Recording.Request(line.group(1), line.group(2), headers, body());
  }

  private Recording.Answer answer() {
    Matcher line = match(ANSWER, "the status of the answer, such as '< 200 @5 ms'");
    int status = line.group(1).equals("none") ? 0 : Integer.parseInt(line.group(1));
    Headers headers = fields("< ");
    return new Recording.Answer(status, Long.parseLong(line.group(2)), headers, body());
  }

  private String[] list(String start) {
    String line = line();
    if (!line.startsWith(start)) {
      throw broken("expected '" + start + "' and names, but found '" + line + "'");
    }
    at++;
    return Arrays.stream(line.substring(start.length()).split(","))
        .map(String::strip)
        .filter(member -> !member.isEmpty())
        .toArray(String[]::new);
  }

  private Headers fields(String prefix) {
    Headers headers = Headers.EMPTY;
    for (; !atEnd() && line().startsWith(prefix); at++) {
      String field = line().substring(prefix.length());
      int colon = field.indexOf(':');
      if (colon < 1) {
        throw broken("expected a field 'Name: value', but found '" + field + "'");
      }
      try {
        headers = headers.with(field.substring(0, colon), field.substring(colon + 1).strip());
      } catch (IllegalArgumentException e) {
        throw broken(e.getMessage());
      }
    }
    return headers;
  }

  private RecordedBody body() {
    List<Piece> pieces = new ArrayList<>();
    long kept = 0;
    long before = 0;
    while (!atEnd() && line().startsWith("@")) {
      int begun = at;
      long millis = Long.parseLong(match(PIECE, "the time of a piece, such as '@5 ms'").group(1));
      before = inOrder(begun, before, millis);
      Bytes bytes = piece();
      kept += bytes.length();
      pieces.add(new Piece(millis, bytes));
    }
    int ending = at;
    Matcher end = match(END, "a piece, such as '@5 ms', or the end of the body, 'end @5 ms'");
    long millis = inOrder(ending, before, Long.parseLong(end.group(1)));
    long length = end.group(3) == null ? kept : Long.parseLong(end.group(3));
    if (end.group(3) != null && length <= kept) {
      at = ending;
      throw broken("cut from " + length + " bytes, but " + kept + " are here: leave that out");
    }
    return new RecordedBody(pieces, length, end(ending, end.group(2)), millis, fields("+ "));
  }

  private long inOrder(int line, long before, long millis) {
    if (millis < before) {
      at = line;
      throw broken("time does not go back from " + before + " ms to " + millis + " ms");
    }
    return millis;
  }

  private End end(int line, String word) {
    if (word == null) {
      return End.COMPLETE;
    }
    for (End end : End.values()) {
      if (end != End.COMPLETE && end.word().equals(word)) {
        return end;
      }
    }
    at = line;
    throw broken("no body ends '" + word + "'");
  }

  /** The bytes of one piece: at least one line of them. */
  private Bytes piece() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean open = false;
    for (; !atEnd() && isPiece(line()); at++) {
      String line = line();
      if (open) {
        throw broken("nothing follows a line with ':' in a piece: begin the one before with '|'");
      }
      String content = line.length() > 1 ? line.substring(2) : "";
      switch (line.charAt(0)) {
        case '=' -> bytes.writeBytes(base64(content));
        case '|' -> bytes.writeBytes((unescaped(content) + "\n").getBytes(StandardCharsets.UTF_8));
        default -> {
          bytes.writeBytes(unescaped(content).getBytes(StandardCharsets.UTF_8));
          open = true;
        }
      }
    }
    if (bytes.size() == 0) {
      throw broken("a piece needs bytes: lines that begin with '| ', ': ' or '= '");
    }
    return Bytes.copyOf(bytes.toByteArray());
  }

  private static boolean isPiece(String line) {
    boolean marked = line.startsWith("|") || line.startsWith(":") || line.startsWith("=");
    return marked && (line.length() == 1 || line.charAt(1) == ' ');
  }

  private byte[] base64(String content) {
    try {
      return Base64.getDecoder().decode(content);
    } catch (IllegalArgumentException e) {
      throw broken("malformed Base64: " + e.getMessage());
    }
  }

  private String unescaped(String content) {
    StringBuilder text = new StringBuilder(content.length());
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      text.append(c == '\\' ? escape(content, ++i) : c);
    }
    return text.toString();
  }

  private char escape(String content, int index) {
    char c = index < content.length() ? content.charAt(index) : ' ';
    return switch (c) {
      case '\\' -> '\\';
      case 'r' -> '\r';
      case 's' -> ' ';
      case 't' -> '\t';
      default -> throw broken("a backslash is written '\\\\'; only \\r, \\s and \\t are escapes");
    };
  }

  // --- lines ---

  private boolean atEnd() {
    return at >= lines.length;
  }

  /** The line we are at; an editor on Windows may have ended it with CR LF. */
  private String line() {
    if (atEnd()) {
      return "";
    }
    String line = lines[at];
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private void expect(String wanted) {
    if (atEnd() || !line().equals(wanted)) {
      throw broken(
          "expected "
              + (wanted.isEmpty() ? "an empty line" : "'" + wanted + "'")
              + (atEnd() ? ", but the file ends" : ", but found '" + line() + "'"));
    }
    at++;
  }

  private Matcher match(Pattern pattern, String what) {
    Matcher matcher = pattern.matcher(line());
    if (!matcher.matches()) {
      boolean over = atEnd() || (line().isEmpty() && at == lines.length - 1);
      throw broken(
          "expected " + what + (over ? ", but the file ends" : ", but found '" + line() + "'"));
    }
    at++;
    return matcher;
  }

  private IllegalArgumentException broken(String what) {
    return new IllegalArgumentException(name + ":" + (at + 1) + ": " + what);
  }
}
