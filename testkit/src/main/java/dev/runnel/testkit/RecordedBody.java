package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import java.util.List;

/**
 * A body as it was recorded: what was kept of it, in the pieces and at the times it passed.
 *
 * @param pieces in order; what passed within one millisecond is one
 * @param length of the whole body in bytes, kept or not
 * @param end how it ended
 * @param endMillis when it ended, in milliseconds since the head of the request
 * @param trailers the fields behind it
 */
public record RecordedBody(
    List<Piece> pieces, long length, End end, long endMillis, Headers trailers) {
  /** No body, of a call that ended at once. */
  public static final RecordedBody EMPTY =
      new RecordedBody(List.of(), 0, End.COMPLETE, 0, Headers.EMPTY);

  public RecordedBody {
    pieces = List.copyOf(pieces);
  }

  /**
   * Bytes that passed at one time.
   *
   * @param millis milliseconds since the head of the request
   * @param bytes at least one
   */
  public record Piece(long millis, Bytes bytes) {}

  /** How a body ended. */
  public enum End {
    /** It was seen to its end, though perhaps not kept as a whole. */
    COMPLETE(""),
    /** Nobody read the request's body to its end. */
    UNREAD("unread"),
    /** The client left. */
    CLIENT_GONE("client gone"),
    /** It was broken off by the server. */
    BROKEN("broken off"),
    /** There was one, but it did not pass where it was recorded: an error's, of the engine's. */
    UNSEEN("not seen"),
    /** The connection was taken over for another protocol. */
    UPGRADED("upgraded");

    private final String word;

    End(String word) {
      this.word = word;
    }

    /** As fixtures say it; empty for the ordinary end. */
    String word() {
      return word;
    }
  }

  /** The bytes that were kept. */
  public Bytes bytes() {
    return Bytes.concat(pieces.stream().map(Piece::bytes).toList());
  }

  /** The bytes that were kept, as UTF-8. */
  public String text() {
    return bytes().utf8();
  }

  /** Whether more passed than was kept. */
  public boolean isCut() {
    return kept() < length;
  }

  long kept() {
    long kept = 0;
    for (Piece piece : pieces) {
      kept += piece.bytes().length();
    }
    return kept;
  }
}
