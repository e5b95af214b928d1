package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.get;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.Violation.BAD_FIELD_NAME;
import static dev.runnel.engine.internal.h1.Violation.BAD_FIELD_VALUE;
import static dev.runnel.engine.internal.h1.Violation.BARE_CR;
import static dev.runnel.engine.internal.h1.Violation.BARE_LF;
import static dev.runnel.engine.internal.h1.Violation.EMPTY_FIELD_NAME;
import static dev.runnel.engine.internal.h1.Violation.FIELD_WITHOUT_COLON;
import static dev.runnel.engine.internal.h1.Violation.OBS_FOLD;
import static dev.runnel.engine.internal.h1.Violation.SPACE_IN_FIELD_NAME;

import java.util.ArrayList;
import java.util.List;

/** Field lines: names, values, white space, line ends (RFC 9110 5, RFC 9112 5). */
final class FieldCases {
  private FieldCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    names(cases);
    values(cases);
    longValues(cases);
    folding(cases);
    lineEnds(cases);
    return cases;
  }

  private static void names(List<RawCase> cases) {
    String source = "RFC 9110 5.1";
    cases.add(
        good(
            "name in any case", source, get("x-A: 1\r\nX-a: 2\r\n"), "header X-A=1|2", "fields=3"));
    cases.add(
        good(
            "name of all token characters",
            source,
            get("!#$%&'*+-.^_`|~09azAZ: v\r\n"),
            "header !#$%&'*+-.^_`|~09azAZ=v"));
    cases.add(good("name of one character", source, get("x: v\r\n"), "header x=v"));
    cases.add(
        good("name with an underscore", source, get("X_A: v\r\n"), "header X_A=v", "header X-A="));
    cases.add(bad("empty name", EMPTY_FIELD_NAME, get(": v\r\n")));
    cases.add(bad("only a colon", EMPTY_FIELD_NAME, get(":\r\n")));
    cases.add(bad("no colon", FIELD_WITHOUT_COLON, get("X-A\r\n")));
    cases.add(
        bad("no colon in the first line", FIELD_WITHOUT_COLON, "GET / HTTP/1.1\r\nHost\r\n\r\n"));
    cases.add(bad("space before the colon", SPACE_IN_FIELD_NAME, get("X-A : v\r\n")));
    cases.add(bad("tab before the colon", SPACE_IN_FIELD_NAME, get("X-A\t: v\r\n")));
    cases.add(
        bad(
            "space before the colon of Host",
            SPACE_IN_FIELD_NAME,
            "GET / HTTP/1.1\r\nHost : h\r\n\r\n"));
    cases.add(
        bad(
            "space before the colon of Content-Length",
            SPACE_IN_FIELD_NAME,
            get("Content-Length : 5\r\n")));
    cases.add(
        bad(
            "space before the colon of Transfer-Encoding",
            SPACE_IN_FIELD_NAME,
            get("Transfer-Encoding : chunked\r\n")));
    cases.add(bad("space in a name", SPACE_IN_FIELD_NAME, get("X A: v\r\n")));
    for (char c : "()<>@,;\\\"/[]?={}".toCharArray()) {
      cases.add(bad("name with " + c, BAD_FIELD_NAME, get("X" + c + "A: v\r\n")));
    }
    for (int c : new int[] {0, 1, 0x0B, 0x0C, 0x1F, 0x7F, 0x80, 0xA0, 0xE9, 0xFF}) {
      cases.add(
          bad(
              String.format("name with 0x%02X", c),
              BAD_FIELD_NAME,
              get("X" + (char) c + "A: v\r\n")));
    }
    cases.add(
        bad(
            "control before Transfer-Encoding",
            BAD_FIELD_NAME,
            get("\u000bTransfer-Encoding: chunked\r\n")));
    cases.add(
        bad(
            "non-ASCII space before the colon",
            BAD_FIELD_NAME,
            get("Transfer-Encoding\u00a0: chunked\r\n")));
  }

  private static void values(List<RawCase> cases) {
    String source = "RFC 9110 5.5";
    cases.add(good("empty value", source, get("X-A:\r\n"), "header X-A=", "fields=2"));
    cases.add(good("value of white space", source, get("X-A: \t \r\n"), "header X-A=", "fields=2"));
    cases.add(good("no space before the value", source, get("X-A:v\r\n"), "header X-A=v"));
    cases.add(
        good("white space around the value", source, get("X-A: \t v \t \r\n"), "header X-A=v"));
    cases.add(
        good("white space in the value", source, get("X-A: a \t b\r\n"), "header X-A=a \t b"));
    cases.add(good("colons in the value", source, get("X-A: :a:b:\r\n"), "header X-A=:a:b:"));
    cases.add(
        good(
            "all visible characters",
            source,
            get("X-A: !\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\r\n"),
            "header X-A=!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"));
    cases.add(
        good(
            "octets above ASCII",
            "RFC 9110 5.5: obs-text",
            get("X-A: \u0080\u00a0\u00e9\u00ff\r\n"),
            "header X-A=\u0080\u00a0\u00e9\u00ff"));
    cases.add(
        good(
            "non-ASCII spaces are no white space",
            source,
            get("X-A: \u00a0v\u0085\r\n"),
            "header X-A=\u00a0v\u0085"));
    cases.add(
        good(
            "equal lines are kept apart",
            "RFC 9110 5.3",
            get("X-A: 1\r\nX-B: 2\r\nX-A: 1\r\n"),
            "header X-A=1|1",
            "fields=4"));
    for (int c = 0; c <= 0x7F; c++) {
      if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7F) {
        cases.add(
            bad(
                String.format("value with 0x%02X", c),
                BAD_FIELD_VALUE,
                get("X-A: a" + (char) c + "b\r\n")));
      }
    }
    cases.add(bad("NUL at the start of a value", BAD_FIELD_VALUE, get("X-A: \0\r\n")));
    cases.add(bad("NUL at the end of a value", BAD_FIELD_VALUE, get("X-A: v\0\r\n")));
    cases.add(
        bad(
            "control before chunked",
            BAD_FIELD_VALUE,
            get("Transfer-Encoding: \u000bchunked\r\n")));
  }

  /** Values are looked at eight bytes at a time: a control must be found wherever it stands. */
  private static void longValues(List<RawCase> cases) {
    String text = "0123456789abcdefghijklmno\u00ffqrstuvwxyz";
    for (int i = 0; i < 18; i++) {
      for (char c : new char[] {0x1F, 0x7F}) {
        String broken = text.substring(0, i) + c + text.substring(i + 1);
        String name = String.format("0x%02X at %d of a long value", (int) c, i);
        cases.add(bad(name, BAD_FIELD_VALUE, get("X-A: " + broken + "\r\n")));
      }
      String tabbed = text.substring(0, i) + "x\t" + text.substring(i);
      cases.add(
          good(
              "tab at " + i + " of a long value",
              "RFC 9110 5.5",
              get("X-A: " + tabbed + "\r\n"),
              "header X-A=" + tabbed));
    }
  }

  private static void folding(List<RawCase> cases) {
    cases.add(bad("folded with a space", OBS_FOLD, get("X-A: a\r\n b\r\n")));
    cases.add(bad("folded with a tab", OBS_FOLD, get("X-A: a\r\n\tb\r\n")));
    cases.add(bad("folded to an empty line", OBS_FOLD, get("X-A: a\r\n \r\n")));
    cases.add(bad("folded Transfer-Encoding", OBS_FOLD, get("Transfer-Encoding:\r\n chunked\r\n")));
    cases.add(
        bad("white space before the first line", OBS_FOLD, "GET / HTTP/1.1\r\n Host: h\r\n\r\n"));
    cases.add(
        bad(
            "folded line that looks like a field",
            OBS_FOLD,
            get("X-A: a\r\n Content-Length: 5\r\n")));
  }

  private static void lineEnds(List<RawCase> cases) {
    cases.add(
        good("no field but Host", "RFC 9112 2.1", get(""), "fields=1", "done=true", "rest=0"));
    cases.add(
        good(
            "no field at all",
            "RFC 9112 2.1",
            "GET / HTTP/1.0\r\n\r\n",
            "fields=0",
            "authority=",
            "rest=0"));
    cases.add(bad("bare LF behind a value", BARE_LF, get("X-A: v\nX-B: w\r\n")));
    cases.add(bad("bare LF behind a name", BARE_LF, get("X-A\nX-B: w\r\n")));
    cases.add(bad("bare LF behind a colon", BARE_LF, get("X-A:\nX-B: w\r\n")));
    cases.add(bad("bare LF for the empty line", BARE_LF, "GET / HTTP/1.1\r\nHost: h\r\n\n"));
    cases.add(bad("LF LF behind a value", BARE_LF, "GET / HTTP/1.1\r\nHost: h\n\n"));
    cases.add(bad("bare CR in a value", BARE_CR, get("X-A: v\rX-B: w\r\n")));
    cases.add(bad("CR CR LF behind a value", BARE_CR, get("X-A: v\r\r\n")));
    cases.add(bad("bare CR in a name", BARE_CR, get("X\r-A: v\r\n")));
    cases.add(bad("bare CR behind a colon", BARE_CR, get("X-A:\r v\r\n")));
    cases.add(bad("bare CR for the empty line", BARE_CR, "GET / HTTP/1.1\r\nHost: h\r\n\rX"));
    cases.add(bad("CR CR LF for the empty line", BARE_CR, "GET / HTTP/1.1\r\nHost: h\r\n\r\r\n"));
  }
}
