package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientCall;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the body of a request, of whatever kind, as fast as the server takes it. On the
 * connection's loop; one for each attempt.
 */
final class RequestSender {
  private final Plan plan;
  private @Nullable ClientCall call;
  private @Nullable BodyWriter out;
  private @Nullable Loop loop;
  private @Nullable BodyReader from;
  private @Nullable Consumer<RuntimeException> onError;
  private Loop.@Nullable Timer held;
  private boolean waits;
  private boolean touched;
  private boolean done;

  RequestSender(Plan plan) {
    this.plan = plan;
  }

  /** Whether the same body can be sent on another connection. */
  boolean canRepeat() {
    return !touched || RepeatableBody.isRepeatable(plan.body());
  }

  /** Whether something of the body was asked for. */
  boolean hasBegun() {
    return touched;
  }

  /** Whether nothing is left to be sent. */
  boolean isDone() {
    return done || call == null;
  }

  void begin(ClientCall begun, Loop connectionLoop, Consumer<RuntimeException> failed) {
    call = begun;
    out = new LiveWriter(begun.output());
    loop = connectionLoop;
    onError = failed;
    Duration patience = plan.timeouts().expectContinue();
    if (plan.options().expectsContinue() && !patience.isZero()) {
      waits = true;
      held = connectionLoop.schedule(this::goOn, patience);
    } else {
      send();
    }
  }

  /** The server said 100, or nothing for long enough. */
  void goOn() {
    if (waits) {
      waits = false;
      stopWaiting();
      send();
    }
  }

  private void stopWaiting() {
    if (held != null) {
      held.cancel();
      held = null;
    }
  }

  /**
   * The head of the answer is there. What asks for something else, or came instead of 100, makes
   * the rest of the body useless.
   */
  void answered(Status status) {
    if (!done && call != null && (waits || status.code() >= 300)) {
      ClientCall abandoned = call;
      boolean unwanted = !touched;
      stop();
      if (unwanted) {
        Body.discard(plan.body());
      }
      abandoned.abandonOutput();
    }
  }

  /** The call is over, or the body is not wanted. */
  void stop() {
    if (done || call == null) {
      return;
    }
    done = true;
    waits = false;
    stopWaiting();
    if (from != null) {
      from.cancel();
    }
    if (touched && plan.body() instanceof StoppableBody body) {
      body.stopped();
    }
  }

  // --- by kind ---

  private void send() {
    if (done) {
      return;
    }
    touched = true;
    try {
      Body body = plan.body();
      if (body instanceof Body.Whole whole) {
        pump(BodyReader.of(whole.bytes(), connectionLoop()));
      } else if (body instanceof Body.File file) {
        pump(new FileReader(file, connectionLoop(), ClientThreads.DISK));
      } else if (body instanceof Body.Source source) {
        open(source);
      } else if (body instanceof Body.Producer producer) {
        producer.produce(writer());
      } else if (body instanceof Body.Output output) {
        OutputSender.start(output, writer(), ClientThreads.BODIES, this::written);
      } else {
        throw new IllegalStateException(
            "a request cannot have this body: " + body.getClass().getSimpleName());
      }
    } catch (Exception e) {
      failed(e);
    }
  }

  private void open(Body.Source source) {
    Loop here = connectionLoop();
    Loop home = source.home();
    if (home == null || home.equals(here)) {
      pump(source.open().on(here));
    } else {
      home.execute(() -> openAtHome(source, here));
    }
  }

  private void openAtHome(Body.Source source, Loop here) {
    try {
      BodyReader reader = source.open().on(here);
      here.execute(() -> pump(reader));
    } catch (RuntimeException e) {
      here.execute(() -> failed(e));
    }
  }

  private void pump(BodyReader reader) {
    if (done) {
      reader.cancel();
      return;
    }
    from = reader;
    pump();
  }

  private void pump() {
    BodyReader reader = from;
    if (done || reader == null) {
      return;
    }
    try {
      boolean writable = true;
      while (writable) {
        Bytes bytes = reader.poll();
        if (bytes == null) {
          if (reader.ended()) {
            writer().end(reader.trailers());
          } else {
            reader.onReady(this::pump);
          }
          return;
        }
        writable = writer().write(bytes);
      }
      writer().onWritable(this::pump);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void written(@Nullable Throwable failure) {
    if (failure != null) {
      failed(failure);
    } else if (!done) {
      writer().end(Headers.EMPTY);
    }
  }

  private void failed(Throwable error) {
    if (done || onError == null) {
      return;
    }
    Consumer<RuntimeException> told = onError;
    stop();
    told.accept(
        error instanceof RuntimeException runtime ? runtime : new IllegalStateException(error));
  }

  private BodyWriter writer() {
    if (out == null) {
      throw new IllegalStateException("the call has not begun");
    }
    return out;
  }

  private Loop connectionLoop() {
    if (loop == null) {
      throw new IllegalStateException("the call has not begun");
    }
    return loop;
  }

  /** What a body is written to until the call is over or wants no more of it. */
  private final class LiveWriter implements BodyWriter {
    private final BodyWriter wire;

    LiveWriter(BodyWriter wire) {
      this.wire = wire;
    }

    private void check() {
      if (done) {
        throw new IllegalStateException("the call takes no more of its body");
      }
    }

    @Override
    public boolean write(Bytes bytes) {
      check();
      return wire.write(bytes);
    }

    @Override
    public void commit() {
      check();
      wire.commit();
    }

    @Override
    public void onWritable(Runnable once) {
      if (done) {
        wire.loop().execute(() -> guard(once));
      } else {
        wire.onWritable(() -> guard(once));
      }
    }

    /** What a waiting writer throws is the failure of its body. */
    private void guard(Runnable once) {
      try {
        once.run();
      } catch (RuntimeException e) {
        failed(e);
      }
    }

    @Override
    public void end(Headers trailers) {
      check();
      done = true;
      wire.end(trailers);
    }

    @Override
    public Loop loop() {
      return wire.loop();
    }
  }
}
