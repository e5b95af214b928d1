package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.get;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.Violation.BAD_TARGET;
import static dev.runnel.engine.internal.h1.Violation.HEADERS_TOO_LARGE;
import static dev.runnel.engine.internal.h1.Violation.REQUEST_LINE_TOO_LONG;
import static dev.runnel.engine.internal.h1.Violation.TOO_MANY_FIELDS;

import java.util.List;

/** The size limits of a head, at their defaults. */
final class LimitCases {
  private static final String PROMISE = "promise 4";
  private static final int LINE = 8 << 10;
  private static final int SECTION = 16 << 10;
  private static final String HOST = "Host: h\r\n";

  private LimitCases() {}

  static List<RawCase> cases() {
    return List.of(
        good("request line of 8 KiB", PROMISE, line(LINE), "done=true"),
        bad("request line above 8 KiB", REQUEST_LINE_TOO_LONG, line(LINE + 1)),
        bad("request line far above 8 KiB", REQUEST_LINE_TOO_LONG, line(3 * LINE)),
        bad("target without end", REQUEST_LINE_TOO_LONG, "GET /" + "a".repeat(LINE)),
        bad("method without end", REQUEST_LINE_TOO_LONG, "A".repeat(LINE + 3)),
        bad("version without end", REQUEST_LINE_TOO_LONG, "GET / HTTP/1." + "1".repeat(LINE)),
        bad("bad byte before the limit", BAD_TARGET, "GET /\0" + "a".repeat(2 * LINE)),
        good("header section of 16 KiB", PROMISE, section(SECTION), "fields=2", "done=true"),
        bad("header section above 16 KiB", HEADERS_TOO_LARGE, section(SECTION + 1)),
        bad("header section far above 16 KiB", HEADERS_TOO_LARGE, section(3 * SECTION)),
        bad(
            "many lines above 16 KiB",
            HEADERS_TOO_LARGE,
            get(("X: " + "v".repeat(995) + "\r\n").repeat(17))),
        bad("value without end", HEADERS_TOO_LARGE, "GET / HTTP/1.1\r\nX: " + "v".repeat(SECTION)),
        bad("name without end", HEADERS_TOO_LARGE, "GET / HTTP/1.1\r\n" + "v".repeat(SECTION + 1)),
        bad(
            "white space without end",
            HEADERS_TOO_LARGE,
            "GET / HTTP/1.1\r\nX:" + " ".repeat(SECTION)),
        good("a hundred fields", PROMISE, get("X: 1\r\n".repeat(99)), "fields=100"),
        bad("a hundred fields and one", TOO_MANY_FIELDS, get("X: 1\r\n".repeat(100))),
        good(
            "fields more than the scratch holds at first",
            PROMISE,
            get("X: 1\r\n".repeat(60)),
            "fields=61"));
  }

  private static String line(int length) {
    return "GET /" + "a".repeat(length - 14) + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  /** Counted with the line ends of its lines, without the empty line behind them. */
  private static String section(int length) {
    return get("X: " + "v".repeat(length - HOST.length() - 5) + "\r\n");
  }
}
