package dev.runnel.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sends recorded requests again, with the pieces of their bodies at the times they had, and says
 * what is different in the answers. In memory the time is virtual: a recorded minute costs a
 * millisecond. What was redacted is redacted in the answer too, and then compared; a request that
 * needs what was redacted is given it with {@link Recording.Request#withHeader}.
 *
 * <pre>
 *   Replay.on(server, Recording.read(file)).shouldMatchRecording();
 * </pre>
 *
 * <p>Where the recorded client left before the end, this one leaves at the same time.
 *
 * @see Replayed
 */
public final class Replay {
  /** Fields of the framing and the clock, which the engine adds for each wire. */
  private static final Set<String> NOT_COMPARED =
      Set.of("Date", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Trailer");

  private final Recording recording;
  private final Set<String> ignored;
  private final @Nullable Duration tolerance;

  private Replay(Recording recording, Set<String> ignored, @Nullable Duration tolerance) {
    this.recording = recording;
    this.ignored = ignored;
    this.tolerance = tolerance;
  }

  /** A replay that compares status, fields and bodies, but no times. */
  public static Replay of(Recording recording) {
    Set<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    fields.addAll(NOT_COMPARED);
    return new Replay(recording, fields, null);
  }

  /** Replays with the defaults. */
  public static Replayed on(TestServer server, Recording recording) {
    return of(recording).on(server);
  }

  /** Does not compare these fields of the answer either, nor of its trailers. */
  public Replay ignoring(String... fields) {
    Set<String> more = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    more.addAll(ignored);
    more.addAll(List.of(fields));
    return new Replay(recording, more, tolerance);
  }

  /** Compares the times of the head, of each piece and of the end too, to the millisecond. */
  public Replay withTimes() {
    return withTimes(Duration.ZERO);
  }

  /**
   * Compares times too: what was recorded on a real network came a little later or earlier.
   *
   * @param tolerance by which they may differ, compared in milliseconds
   * @throws IllegalArgumentException if negative
   */
  public Replay withTimes(Duration tolerance) {
    if (tolerance.isNegative()) {
      throw new IllegalArgumentException("a tolerance is not negative: " + tolerance);
    }
    return new Replay(recording, ignored, tolerance);
  }

  /**
   * Sends the request, and waits for the whole answer as long as the recording took and the
   * patience of the test on top.
   *
   * @throws IllegalArgumentException if the recording cannot be replayed: the request's body is
   *     cut, or the connection was taken over
   */
  public Replayed on(TestServer server) {
    RecordedBody sent = recording.request().body();
    if (sent.isCut()) {
      throw new IllegalArgumentException(
          "only "
              + sent.kept()
              + " of the "
              + sent.length()
              + " bytes of the request's body were kept: record it with a higher withBodyLimit");
    }
    if (recording.answer().body().end() == RecordedBody.End.UPGRADED) {
      throw new IllegalArgumentException(
          "what follows an upgrade is not recorded, and cannot be replayed");
    }
    Recording actual = new ReplayCall(server, recording).run();
    Recording compared = recording.redaction().apply(actual);
    return new Replayed(
        recording, compared, Differences.of(recording, compared, ignored, tolerance));
  }
}
