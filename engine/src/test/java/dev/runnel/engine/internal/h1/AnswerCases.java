package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.AnswerCase.bad;
import static dev.runnel.engine.internal.h1.AnswerCase.good;
import static dev.runnel.engine.internal.h1.AnswerCase.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every raw answer that the tests know, good and bad. */
final class AnswerCases {
  private static final String REQUEST_HEAD = "(GET|POST) / HTTP/1\\.1\r\nHost: h\r\n";

  private AnswerCases() {}

  static List<AnswerCase> all() {
    List<AnswerCase> cases = new ArrayList<>();
    cases.addAll(StatusLineCases.cases());
    cases.addAll(AnswerFramingCases.cases());
    limits(cases);
    Stream.of(FieldCases.cases(), ChunkCases.cases())
        .flatMap(List::stream)
        .map(AnswerCases::answer)
        .filter(derived -> derived != null)
        .forEach(cases::add);
    return cases;
  }

  /** Field lines and chunks have the same rules in an answer: the line before them is another. */
  private static AnswerCase answer(RawCase request) {
    String raw = request.bytes().text(ISO_8859_1);
    String turned = raw.replaceFirst(REQUEST_HEAD, "HTTP/1.1 200 OK\r\n");
    if (turned.equals(raw)) {
      return null;
    }
    String name = "answer: " + request.name();
    if (request.rejected() != null) {
      return request.rejected() == Violation.HOST_MISSING
          ? null
          : bad(name, request.rejected(), turned);
    }
    String[] properties =
        request.properties().entrySet().stream()
            .filter(p -> p.getKey().matches("header (?!Host).*|body|trailers?( .*)?"))
            .map(p -> p.getKey() + "=" + p.getValue())
            .toArray(String[]::new);
    return good(name, request.source(), turned, properties);
  }

  private static void limits(List<AnswerCase> cases) {
    int line = 8 << 10;
    int section = 16 << 10;
    String start = "HTTP/1.1 204 ";
    String end = "\r\n\r\n";
    cases.add(
        good(
            "longest line",
            "limits",
            start + "a".repeat(line - start.length()) + end,
            "status=204"));
    cases.add(
        bad(
            "line above 8 KiB",
            Violation.STATUS_LINE_TOO_LONG,
            start + "a".repeat(line + 1 - start.length()) + end));
    cases.add(
        bad("line without end", Violation.STATUS_LINE_TOO_LONG, start + "a".repeat(2 * line)));
    cases.add(
        good(
            "largest section",
            "limits",
            start + "\r\nX: " + "v".repeat(section - 5) + end,
            "fields=1"));
    cases.add(
        bad(
            "section above 16 KiB",
            Violation.HEADERS_TOO_LARGE,
            start + "\r\nX: " + "v".repeat(section - 4) + end));
    cases.add(
        bad(
            "section without end",
            Violation.HEADERS_TOO_LARGE,
            start + "\r\n" + "X: y\r\n".repeat(90) + "Z: " + "v".repeat(section)));
    cases.add(
        good(
            "a hundred fields",
            "limits",
            start + "\r\n" + "X: 1\r\n".repeat(100) + "\r\n",
            "fields=100"));
    cases.add(
        bad(
            "one field more",
            Violation.TOO_MANY_FIELDS,
            start + "\r\n" + "X: 1\r\n".repeat(101) + "\r\n"));
    cases.add(
        bad(
            "trailers too large",
            Violation.TRAILERS_TOO_LARGE,
            ok("Transfer-Encoding: chunked\r\n") + "0\r\nX: " + "v".repeat(section) + end));
  }
}
