package dev.runnel.testkit;

import dev.runnel.engine.Filter;
import dev.runnel.engine.Handler;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A filter that keeps each exchange it sees as a test fixture, to be replayed by {@link Replay}.
 * For routes of either face, on any server:
 *
 * <pre>
 *   Recorder recorder = Recorder.into(Path.of("recordings"));
 *   Routes.of(r -> r.use(recorder)…)        // or, for all requests: recorder.apply(Router.of(routes))
 * </pre>
 *
 * <p>It records what passes where it stands, so it should be the outermost filter. Bodies pass
 * through untouched and with back-pressure; of each no more than the limit is kept, and the rest is
 * marked as cut. What is secret is redacted, see {@link Redaction}, before it reaches any sink.
 * Files are written one after the other where blocking code runs, at most one place of it at a
 * time; up to 64 exchanges wait for that, and more are lost. A sink that fails, and exchanges that
 * are lost, are logged once, counted, and never felt by the call. A server that drains waits for
 * what is being written.
 *
 * <p>Not recorded: informational answers, pushes, what is said after an upgrade, the body of an
 * error answer that the engine makes itself, and a body that the handler did not read.
 *
 * <p>Safe from any thread; one recorder may serve many servers.
 */
public final class Recorder implements Filter {
  /** What is kept of each body unless set, in bytes: 64 KiB. */
  public static final int BODY_LIMIT = 64 << 10;

  private final Consumer<Recording> sink;
  private final int bodyLimit;
  private final Redaction redaction;
  private final UnaryOperator<Recording> hook;
  private final RecordingQueue queue = new RecordingQueue();

  private Recorder(
      Consumer<Recording> sink, int bodyLimit, Redaction redaction, UnaryOperator<Recording> hook) {
    this.sink = sink;
    this.bodyLimit = bodyLimit;
    this.redaction = redaction;
    this.hook = hook;
  }

  /**
   * Keeps each exchange in a file of its own, {@code 0001-GET-users-7.txt} and so on; files that
   * are there already stay.
   *
   * @param directory made when it is first needed
   */
  public static Recorder into(Path directory) {
    return to(new RecordingFiles(directory));
  }

  /**
   * Gives each exchange to this, one after the other, on a thread that may block.
   *
   * @param sink what it throws is logged, and the exchange counts as lost
   */
  public static Recorder to(Consumer<Recording> sink) {
    return new Recorder(
        Objects.requireNonNull(sink), BODY_LIMIT, Redaction.DEFAULT, UnaryOperator.identity());
  }

  /**
   * A recorder that keeps so much of each body.
   *
   * @param bytes of the request's and of the answer's body, each; 64 KiB unless set
   * @throws IllegalArgumentException if negative
   */
  public Recorder withBodyLimit(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("the limit of bodies must not be negative: " + bytes);
    }
    return new Recorder(sink, bytes, redaction, hook);
  }

  /** A recorder that takes out this. */
  public Recorder withRedaction(Redaction other) {
    return new Recorder(sink, bodyLimit, Objects.requireNonNull(other), hook);
  }

  /** A recorder that takes out more, behind the redaction and edits that were set before. */
  public Recorder redact(UnaryOperator<Recording> edit) {
    return new Recorder(sink, bodyLimit, redaction, recording -> edit.apply(hook.apply(recording)));
  }

  /** How many exchanges were given to the sink. */
  public int written() {
    return queue.written();
  }

  /** How many exchanges were lost: the sink failed, or too many waited for it. */
  public int lost() {
    return queue.lost();
  }

  @Override
  public Handler apply(Handler next) {
    return exchange -> {
      CallCapture capture = new CallCapture(exchange, bodyLimit);
      RecordingExchange recorded = new RecordingExchange(exchange, capture);
      recorded.begin(
          outcome -> {
            CallCapture.Ended ended = capture.end(outcome);
            queue.add(() -> give(ended), exchange.server());
          });
      try {
        next.handle(recorded);
      } catch (Throwable e) {
        recorded.failed(e);
        throw e;
      }
    };
  }

  private void give(CallCapture.Ended ended) {
    sink.accept(hook.apply(redaction.apply(ended.recording())));
  }
}
