package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CancelCause;
import dev.runnel.io.Loop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all connections of one server, or one client, share on one loop. Owned by the loop; only
 * {@link #calls()} is read elsewhere.
 */
public final class LoopContext {
  // RFC 9110 5.6.7 wants two digits for the day, which RFC_1123_DATE_TIME does not give.
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Loop loop;
  private final Endpoint endpoint;
  private final DeadlineSweep deadlines;
  // One writer, so a lazySet is enough; a drain reads it from another loop.
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong ended = new AtomicLong();
  private final List<ConnectionContext> outlived = new ArrayList<>();
  private byte[] date = new byte[0];
  private boolean reading;
  private long readAt;
  private long dateUntil;

  /**
   * @param tick the least time between two looks at the deadlines
   */
  public LoopContext(Loop loop, Endpoint endpoint, Duration tick) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.deadlines = new DeadlineSweep(loop, tick);
  }

  /** The loop. */
  public Loop loop() {
    return loop;
  }

  /** What all connections share. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** The time limits of this loop. */
  public DeadlineSweep deadlines() {
    return deadlines;
  }

  /** How many calls are on this loop and not over. Any thread. */
  public int calls() {
    return calls.get();
  }

  /** How many calls on this loop ever came to their end. Any thread. */
  public long ended() {
    return ended.get();
  }

  void callStarted() {
    calls.lazySet(calls.getPlain() + 1);
  }

  void callOver() {
    // In this order: whoever sees that no call is left sees this one among those that ended.
    ended.lazySet(ended.getPlain() + 1);
    calls.lazySet(calls.getPlain() - 1);
  }

  /** A connection is gone while the server stops, and work of its calls goes on. */
  void outlived(ConnectionContext connection) {
    outlived.add(connection);
  }

  /** Cancels the work that connections left behind when they ended during a stop. */
  public void cancelOutlived(CancelCause cause) {
    List<ConnectionContext> connections = List.copyOf(outlived); // a listener may end another one
    outlived.clear();
    connections.forEach(connection -> connection.cancelHeld(cause));
  }

  /**
   * Received bytes are being worked on: until {@link #endRead} the clock stands, and is looked at
   * only once.
   */
  public void beginRead() {
    if (!reading) {
      reading = true;
      readAt = loop.nanoTime();
    }
  }

  /** All received bytes were worked on. */
  public void endRead() {
    reading = false;
  }

  /** The loop's clock, at the latest when the bytes that are being worked on were received. */
  public long now() {
    return reading ? readAt : loop.nanoTime();
  }

  /** The value of the Date field now (RFC 9110 6.6.1), in ASCII; computed once a second. */
  public byte[] date() {
    long now = now();
    if (date.length == 0 || now - dateUntil >= 0) {
      Instant wall = endpoint.wallClock().instant();
      date = IMF_FIXDATE.format(wall).getBytes(StandardCharsets.US_ASCII);
      dateUntil = now + 1_000_000_000L - wall.get(ChronoField.NANO_OF_SECOND);
    }
    return date;
  }
}
