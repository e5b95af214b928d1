package dev.runnel.engine.internal.direct;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request of any kind, begun when a handler first asks for it and given as fast as
 * the handler takes it. On the loop.
 */
final class Upload {
  /** As many bytes wait for the handler as a client would have in flight. */
  private static final int MOST = 64 << 10;

  private final Body body;
  private final Loop loop;
  private final Blocking threads;
  private final Runnable arrived;
  private final Consumer<Throwable> onFailure;
  private final Consumer<Body> onStopped;
  private final Deque<Bytes> queue = new ArrayDeque<>();
  private @Nullable BodyReader reader;
  private @Nullable Runnable writerWaits;
  private Headers trailers = Headers.EMPTY;
  private int queued;
  private long total;
  private boolean begun;
  private boolean news = true;
  private boolean told;
  private boolean complete;
  private boolean stopped;

  /**
   * @param arrived told, on the loop and on nobody's stack, when polling gives something
   * @param onFailure told what the body failed with
   * @param onStopped told of a producer that was begun and need not go on
   */
  Upload(
      Body body,
      Loop loop,
      Blocking threads,
      Runnable arrived,
      Consumer<Throwable> onFailure,
      Consumer<Body> onStopped) {
    this.body = body;
    this.loop = loop;
    this.threads = threads;
    this.arrived = arrived;
    this.onFailure = onFailure;
    this.onStopped = onStopped;
    this.complete = body.length() == 0;
  }

  // --- for the wire ---

  @Nullable Bytes poll() {
    if (!begun && !complete && !stopped) {
      begun = true;
      guard(this::begin);
    }
    if (stopped && !isEnded()) {
      throw new CallCancelledException(CancelCause.CLIENT_GONE);
    }
    if (reader != null && queue.isEmpty() && !complete) {
      guard(this::pull);
    }
    Bytes next = queue.poll();
    if (next == null) {
      news = isEnded();
      return null;
    }
    queued -= next.length();
    if (queued < MOST / 2) {
      wakeWriter();
    }
    return next;
  }

  /** Whether polling may give something that it did not give the last time. */
  boolean isReady() {
    return news || !queue.isEmpty() || isEnded();
  }

  boolean isEnded() {
    return complete && queue.isEmpty();
  }

  Headers trailers() {
    return trailers;
  }

  /** Whether whoever writes the body waits for the handler to take some. */
  boolean writerWaits() {
    return writerWaits != null;
  }

  private boolean isFull() {
    return queued >= MOST;
  }

  /** Nobody takes any more of it. */
  void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    if (!begun) {
      Body.discard(body);
    } else if (!complete) {
      if (reader != null) {
        reader.cancel();
      }
      onStopped.accept(body);
      wakeWriter();
    }
  }

  // --- by kind ---

  private void begin() throws Exception {
    if (body instanceof Body.Whole whole) {
      reader = BodyReader.of(whole.bytes(), loop);
    } else if (body instanceof Body.Source source) {
      open(source);
    } else if (body instanceof Body.Producer producer) {
      producer.produce(new Writer());
    } else if (body instanceof Body.Output output) {
      write(output);
    } else if (body instanceof Body.File file) {
      write(out -> copy(file, out));
    } else {
      throw new IllegalArgumentException("a request cannot have an upgrade for its body");
    }
  }

  private void open(Body.Source source) {
    Loop home = source.home();
    if (home == null || home.equals(loop)) {
      reader = source.open().on(loop);
    } else {
      home.execute(() -> openAtHome(source));
    }
  }

  private void openAtHome(Body.Source source) {
    try {
      BodyReader opened = source.open().on(loop);
      loop.execute(() -> opened(opened));
    } catch (RuntimeException e) {
      loop.execute(() -> failed(e));
    }
  }

  private void opened(BodyReader opened) {
    if (stopped) {
      opened.cancel();
    } else {
      reader = opened;
      tell();
    }
  }

  private void pull() {
    BodyReader from = reader;
    if (from == null) {
      return;
    }
    Bytes next = from.poll();
    if (next != null) {
      add(next);
    }
    if (from.ended()) {
      finish(from.trailers());
    } else if (next == null) {
      from.onReady(this::tell);
    }
  }

  private void write(Body.Output output) {
    Writer writer = new Writer();
    threads.run(
        () -> {
          OutputStream stream = writer.asOutputStream();
          output.writeTo(stream);
          stream.flush();
          return true;
        },
        (done, error) -> loop.execute(() -> written(writer, error)));
  }

  private void written(Writer writer, @Nullable Throwable error) {
    if (error != null) {
      failed(error);
    } else if (!stopped) {
      guard(writer::end);
    }
  }

  private static void copy(Body.File file, OutputStream out) throws IOException {
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
      for (long at = 0; at < file.length(); at += buffer.position()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), file.length() - at));
        if (channel.read(buffer, file.offset() + at) < 0) {
          throw new EOFException("'" + file.path() + "' is shorter than was announced");
        }
        out.write(buffer.array(), 0, buffer.position());
      }
    }
  }

  // --- what comes ---

  private void add(Bytes bytes) {
    total += bytes.length();
    long length = body.length();
    if (length >= 0 && total > length) {
      throw new IllegalStateException(
          "the body is longer than the " + length + " bytes it announced");
    }
    if (!bytes.isEmpty()) {
      queue.add(bytes);
      queued += bytes.length();
    }
  }

  private void finish(Headers last) {
    long length = body.length();
    if (length >= 0 && total < length) {
      throw new IllegalStateException(
          "the body ended after " + total + " of the " + length + " bytes it announced");
    }
    complete = true;
    trailers = last;
  }

  /** Later in this turn: whoever brings bytes stands on user code, or in a step of the machine. */
  private void tell() {
    news = true;
    if (!told) {
      told = true;
      loop.execute(
          () -> {
            told = false;
            arrived.run();
          });
    }
  }

  private void wakeWriter() {
    Runnable waiting = writerWaits;
    writerWaits = null;
    if (waiting != null) {
      loop.execute(waiting);
    }
  }

  private void guard(Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void failed(Throwable error) {
    if (!stopped && !complete) {
      stop();
      onFailure.accept(error);
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  /** What a body writes itself to. */
  private final class Writer implements BodyWriter {
    private void check() {
      if (stopped || complete) {
        throw new IllegalStateException("the call takes no more of its body");
      }
    }

    @Override
    public boolean write(Bytes bytes) {
      check();
      add(bytes);
      tell();
      return !isFull();
    }

    @Override
    public void commit() {
      check();
    }

    @Override
    public void onWritable(Runnable once) {
      Runnable guarded = () -> guard(once::run);
      if (stopped || complete || !isFull()) {
        loop.execute(guarded);
      } else {
        writerWaits = guarded;
      }
    }

    @Override
    public void end(Headers last) {
      check();
      finish(last);
      tell();
    }

    @Override
    public Loop loop() {
      return loop;
    }
  }
}
