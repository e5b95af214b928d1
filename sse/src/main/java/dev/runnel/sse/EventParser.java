package dev.runnel.sse;

import dev.runnel.io.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of events as it arrives, in pieces cut anywhere, by the rules of the WHATWG HTML
 * standard (9.2.6): UTF-8 with or without a byte order mark, lines that end with CR, LF or CR LF,
 * fields in any order. What is malformed is skipped, as the standard has it, and never an error;
 * only an event that is too large is one. An event that the stream breaks off is none.
 *
 * <p>For one thread at a time. It holds the bytes of the event that is being read, and no more.
 */
public final class EventParser {
  /** The most bytes of one event unless told otherwise: 1 MiB. */
  public static final int DEFAULT_LIMIT = 1 << 20;

  private static final int BOM_LENGTH = 3;

  private final int limit;
  private byte[] line = new byte[256];
  private int filled;
  private boolean inComment;
  private boolean afterCr;
  private boolean atStart = true;
  private boolean failed;

  // The event that is being read.
  private @Nullable StringBuilder data;
  private int held;
  private @Nullable String event;
  private @Nullable String id;
  private @Nullable Duration eventRetry;

  private String idBuffer;
  private String lastEventId;
  private @Nullable Duration retry;

  /** For the first connection to a stream. */
  public EventParser() {
    this("", DEFAULT_LIMIT);
  }

  /**
   * For any connection to a stream.
   *
   * @param lastEventId what the parser before this one ended with; empty for none
   * @param limit the most bytes of one event
   * @throws IllegalArgumentException if the limit is not positive
   */
  public EventParser(String lastEventId, int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("the limit of an event must be positive: " + limit);
    }
    this.limit = limit;
    this.idBuffer = lastEventId;
    this.lastEventId = lastEventId;
  }

  /**
   * Reads on, and gives each event away as soon as the line that ends it has come. Its id is the
   * one it brought along, null if it brought none; its data is never null.
   *
   * @throws EventTooLargeException if an event has more bytes than the limit, and whenever called
   *     again after that
   */
  public void parse(Bytes piece, Consumer<? super ServerEvent> events) {
    byte[] array = Bytes.Unsafe.array(piece);
    int at = Bytes.Unsafe.offset(piece);
    int end = at + piece.length();
    if (afterCr && at < end) {
      afterCr = false;
      at += array[at] == '\n' ? 1 : 0;
    }
    while (at < end) {
      int lineEnd = endOfLine(array, at, end);
      add(array, at, lineEnd);
      at = lineEnd;
      if (at < end) {
        boolean cr = array[at++] == '\r';
        afterCr = cr && at == end;
        if (cr && at < end && array[at] == '\n') {
          at++;
        }
        takeLine(events);
      }
    }
  }

  /**
   * What to send as {@code Last-Event-ID} to go on behind the last event that came whole; empty if
   * there is none.
   */
  public String lastEventId() {
    return lastEventId;
  }

  /** How long the server wants a client to wait before it connects again; null if it never said. */
  public @Nullable Duration retry() {
    return retry;
  }

  private static int endOfLine(byte[] array, int from, int end) {
    int at = from;
    while (at < end && array[at] != '\n' && array[at] != '\r') {
      at++;
    }
    return at;
  }

  private void add(byte[] array, int from, int until) {
    if (failed) {
      throw new EventTooLargeException(limit);
    }
    int count = until - from;
    if (count > 0 && filled == 0 && array[from] == ':') {
      inComment = true;
    }
    if (inComment || count == 0) {
      return; // nobody reads comments, so a long one costs nothing
    }
    if (count > limit - held - filled) {
      failed = true;
      line = new byte[0];
      data = null;
      throw new EventTooLargeException(limit);
    }
    if (filled + count > line.length) {
      line = Arrays.copyOf(line, Math.max(filled + count, Math.min(2 * line.length, limit)));
    }
    System.arraycopy(array, from, line, filled, count);
    filled += count;
  }

  private void takeLine(Consumer<? super ServerEvent> events) {
    int length = filled;
    boolean comment = inComment;
    filled = 0;
    inComment = false;
    int from = atStart && !comment ? afterByteOrderMark(length) : 0;
    atStart = false;
    if (comment) {
      return;
    }
    if (from == length) {
      dispatch(events);
    } else if (line[from] != ':') {
      field(from, length);
    }
  }

  private int afterByteOrderMark(int length) {
    boolean there =
        length >= BOM_LENGTH
            && line[0] == (byte) 0xEF
            && line[1] == (byte) 0xBB
            && line[2] == (byte) 0xBF;
    return there ? BOM_LENGTH : 0;
  }

  private void field(int from, int end) {
    int colon = from;
    while (colon < end && line[colon] != ':') {
      colon++;
    }
    int value = Math.min(colon + 1, end);
    if (value < end && line[value] == ' ') {
      value++;
    }
    switch (text(from, colon)) {
      case "data" -> data(value, end);
      case "event" -> {
        event = text(value, end);
        hold(end - value);
      }
      case "id" -> id(text(value, end), end - value);
      case "retry" -> retry(value, end);
      default -> {} // "The field is ignored."
    }
  }

  private void data(int from, int end) {
    StringBuilder known = data;
    if (known == null) {
      known = new StringBuilder(end - from);
      data = known;
    } else {
      known.append('\n');
    }
    known.append(text(from, end));
    hold(end - from + 1);
  }

  private void id(String value, int length) {
    if (value.indexOf(0) < 0) {
      id = value;
      idBuffer = value;
      hold(length);
    }
  }

  /** Lines of an event without data count too: one that never ends is bounded as well. */
  private void hold(int count) {
    held = Math.min(limit, held + count);
  }

  private void retry(int from, int end) {
    if (from == end) {
      return;
    }
    long millis = 0;
    for (int i = from; i < end; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        return;
      }
      boolean overflow = millis > (Long.MAX_VALUE - digit) / 10;
      millis = overflow ? Long.MAX_VALUE : millis * 10 + digit;
    }
    retry = Duration.ofMillis(millis);
    eventRetry = retry;
  }

  private void dispatch(Consumer<? super ServerEvent> events) {
    StringBuilder text = data;
    ServerEvent made =
        text == null
            ? null
            : ServerEvent.received(
                text.toString(), event == null || event.isEmpty() ? null : event, id, eventRetry);
    lastEventId = idBuffer;
    data = null;
    event = null;
    id = null;
    eventRetry = null;
    held = 0;
    if (made != null) {
      events.accept(made);
    }
  }

  private String text(int from, int end) {
    return new String(line, from, end - from, StandardCharsets.UTF_8);
  }
}
