package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is different in an answer. */
final class Differences {
  /** Bytes that are shown around the first one that differs. */
  private static final int AROUND = 30;

  private final Recording.Answer expected;
  private final Recording.Answer actual;
  private final Set<String> ignored;
  private final List<String> found = new ArrayList<>();

  private Differences(Recording.Answer expected, Recording.Answer actual, Set<String> ignored) {
    this.expected = expected;
    this.actual = actual;
    this.ignored = ignored;
  }

  static List<String> of(
      Recording expected, Recording actual, Set<String> ignored, @Nullable Duration tolerance) {
    Differences differences = new Differences(expected.answer(), actual.answer(), ignored);
    differences.compare();
    if (tolerance != null) {
      differences.times(tolerance.toMillis());
    }
    return differences.found;
  }

  private void compare() {
    if (expected.status() != actual.status()) {
      found.add("status: expected " + status(expected) + ", but was " + status(actual));
    }
    fields("field", expected.headers(), actual.headers());
    if (expected.body().end() == End.UNSEEN) {
      return; // nobody knows what it was
    }
    body();
    fields("trailer", expected.body().trailers(), actual.body().trailers());
    end(expected.body().end(), actual.body().end());
  }

  private void end(End wanted, End came) {
    if (wanted != came) {
      // Who replays only leaves where that was recorded, or has waited for long enough.
      String was = came == End.CLIENT_GONE ? "still not over" : word(came);
      long millis = actual.body().endMillis();
      found.add("end: expected " + word(wanted) + ", but was " + was + " at " + millis + " ms");
    }
  }

  private static String status(Recording.Answer answer) {
    return answer.status() == 0 ? "none" : Integer.toString(answer.status());
  }

  private static String word(End end) {
    return end == End.COMPLETE ? "complete" : end.word();
  }

  private void fields(String what, Headers wanted, Headers came) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    wanted.forEach((name, value) -> names.add(name));
    came.forEach((name, value) -> names.add(name));
    names.removeAll(ignored);
    for (String name : names) {
      List<String> before = wanted.all(name);
      List<String> now = came.all(name);
      if (!before.equals(now)) {
        found.add(what + " " + name + ": expected " + shown(before) + ", but was " + shown(now));
      }
    }
  }

  private static String shown(List<String> values) {
    return values.isEmpty() ? "none" : "'" + String.join("', '", values) + "'";
  }

  private void body() {
    Bytes wanted = expected.body().bytes();
    Bytes came = actual.body().bytes();
    int both = Math.min(wanted.length(), came.length());
    int at = 0;
    while (at < both && wanted.get(at) == came.get(at)) {
      at++;
    }
    boolean differs = at < wanted.length() || (at < came.length() && !expected.body().isCut());
    if (differs) {
      found.add(
          "body: at byte "
              + at
              + " expected "
              + around(wanted, at)
              + ", but was "
              + around(came, at));
    } else if (expected.body().length() != actual.body().length()) {
      found.add(
          "body: expected "
              + expected.body().length()
              + " bytes, but were "
              + actual.body().length());
    }
  }

  private static String around(Bytes bytes, int at) {
    if (at == bytes.length()) {
      return "the end after " + at + " bytes";
    }
    int from = Math.max(0, at - AROUND);
    int until = Math.min(bytes.length(), at + AROUND);
    return "'"
        + (from > 0 ? "..." : "")
        + TraceText.shown(bytes.slice(from, until))
        + (until < bytes.length() ? "..." : "")
        + "'";
  }

  // --- times ---

  /** By how far the body had come, as one piece may come as two and two as one. */
  private void times(long tolerance) {
    time("the head", expected.headMillis(), actual.headMillis(), tolerance);
    List<Piece> came = actual.body().pieces();
    long wantedBytes = 0;
    long cameBytes = 0;
    int next = 0;
    for (Piece piece : expected.body().pieces()) {
      wantedBytes += piece.bytes().length();
      while (next < came.size() && cameBytes + came.get(next).bytes().length() < wantedBytes) {
        cameBytes += came.get(next).bytes().length();
        next++;
      }
      if (next < came.size()) {
        String what = "the body up to byte " + wantedBytes;
        time(what, piece.millis(), came.get(next).millis(), tolerance);
      }
    }
    time("the end", expected.body().endMillis(), actual.body().endMillis(), tolerance);
  }

  private void time(String what, long wanted, long came, long tolerance) {
    if (Math.abs(wanted - came) > tolerance) {
      found.add(what + ": expected at " + wanted + " ms, but was at " + came + " ms");
    }
  }
}
