package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The first bytes of a body with their times, as it passes. Copies what it keeps: a slice would
 * hold the whole buffer behind it. Safe from any thread, because bodies may cross loops.
 */
final class BodyCapture {
  /** Above it what follows joins the last piece: a body in single bytes must not cost a table. */
  private static final int MOST_PIECES = 4_096;

  private final int limit;
  private final LongSupplier millis;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final List<Mark> marks = new ArrayList<>();
  private Headers trailers = Headers.EMPTY;
  private long total;
  private long endMillis = -1;

  /** Where a piece begins, and when it passed. */
  private record Mark(long millis, int from) {}

  /**
   * @param limit bytes that are kept
   * @param millis the time since the call began
   */
  BodyCapture(int limit, LongSupplier millis) {
    this.limit = limit;
    this.millis = millis;
  }

  /** Bytes passed; those within one millisecond are one piece. */
  synchronized void add(Bytes piece) {
    add(Bytes.Unsafe.array(piece), Bytes.Unsafe.offset(piece), piece.length());
  }

  synchronized void add(byte[] source, int offset, int length) {
    total += length;
    int kept = Math.min(length, limit - bytes.size());
    if (kept <= 0) {
      return;
    }
    long now = millis.getAsLong();
    boolean joins = !marks.isEmpty() && marks.get(marks.size() - 1).millis == now;
    if (!joins && marks.size() < MOST_PIECES) {
      marks.add(new Mark(now, bytes.size()));
    }
    bytes.write(source, offset, kept);
  }

  synchronized void trailers(Headers section) {
    trailers = section;
  }

  /** The end was seen; only the first time counts. */
  synchronized void ended() {
    if (endMillis < 0) {
      endMillis = millis.getAsLong();
    }
  }

  synchronized boolean hasEnded() {
    return endMillis >= 0;
  }

  /** What passed is not what will be sent. */
  synchronized void reset() {
    bytes.reset();
    marks.clear();
    total = 0;
    trailers = Headers.EMPTY;
    endMillis = -1;
  }

  /** What was kept, as a body that ended so; now, if the end itself was not seen. */
  synchronized RecordedBody body(End end) {
    ended();
    Bytes all = Bytes.copyOf(bytes.toByteArray());
    List<Piece> pieces = new ArrayList<>(marks.size());
    for (int i = 0; i < marks.size(); i++) {
      int until = i + 1 < marks.size() ? marks.get(i + 1).from : all.length();
      pieces.add(new Piece(marks.get(i).millis, all.slice(marks.get(i).from, until)));
    }
    return new RecordedBody(pieces, total, end, endMillis, trailers);
  }
}
