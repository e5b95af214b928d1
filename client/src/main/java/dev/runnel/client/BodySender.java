package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body of any kind into a writer as fast as that takes it, without ending the writer: what
 * a body made of bodies needs.
 */
final class BodySender {
  private static final int SLICE = 64 << 10;

  /** Told once, on the loop. */
  @FunctionalInterface
  interface Completion {
    /** All is written, or what went wrong. */
    void done(@Nullable Throwable failure);
  }

  private BodySender() {}

  static void send(Body body, BodyWriter to, Completion then) {
    if (body instanceof Body.Whole whole) {
      slices(whole.bytes(), 0, to, then);
    } else if (body instanceof Body.File file) {
      pump(new FileReader(file, to.loop(), ClientThreads.DISK), to, then);
    } else if (body instanceof Body.Source source) {
      open(source, to, then);
    } else if (body instanceof Body.Producer producer) {
      produce(producer, to, then);
    } else if (body instanceof Body.Output output) {
      OutputSender.start(output, to, ClientThreads.BODIES, then);
    } else {
      then.done(new IllegalArgumentException("an upgrade cannot be sent as a body"));
    }
  }

  /**
   * Ends the call of a writer with a failure that was found on nobody's stack: what a task of the
   * writer's throws fails its call.
   */
  static void fail(BodyWriter writer, Throwable failure) {
    writer.onWritable(
        () -> {
          throw failure instanceof RuntimeException known
              ? known
              : new IllegalStateException("the body could not be written", failure);
        });
  }

  private static void slices(Bytes bytes, int from, BodyWriter to, Completion then) {
    int at = from;
    try {
      boolean writable = true;
      while (writable && at < bytes.length()) {
        int until = Math.min(bytes.length(), at + SLICE);
        writable = to.write(bytes.slice(at, until));
        at = until;
      }
      if (!writable) {
        int rest = at;
        to.onWritable(() -> slices(bytes, rest, to, then));
        return;
      }
    } catch (Throwable e) {
      then.done(e);
      return;
    }
    then.done(null);
  }

  private static void open(Body.Source source, BodyWriter to, Completion then) {
    Loop here = to.loop();
    Loop home = source.home();
    if (home == null || home.equals(here)) {
      pump(source, to, then);
    } else {
      home.execute(() -> cross(source, to, then));
    }
  }

  /** On the loop where the source lives, which is not the one that sends. */
  private static void cross(Body.Source source, BodyWriter to, Completion then) {
    try {
      BodyReader reader = source.open().on(to.loop());
      to.loop().execute(() -> pump(reader, to, then));
    } catch (RuntimeException e) {
      to.loop().execute(() -> then.done(e));
    }
  }

  private static void pump(Body.Source source, BodyWriter to, Completion then) {
    BodyReader reader;
    try {
      reader = source.open().on(to.loop());
    } catch (RuntimeException e) {
      then.done(e);
      return;
    }
    pump(reader, to, then);
  }

  private static void pump(BodyReader from, BodyWriter to, Completion then) {
    try {
      boolean writable = true;
      while (writable) {
        Bytes bytes = from.poll();
        if (bytes == null) {
          if (from.ended()) {
            break;
          }
          from.onReady(() -> pump(from, to, then));
          return;
        }
        writable = to.write(bytes);
      }
      if (!writable) {
        to.onWritable(() -> pump(from, to, then));
        return;
      }
    } catch (Throwable e) {
      from.cancel();
      then.done(e);
      return;
    }
    then.done(null);
  }

  private static void produce(Body.Producer producer, BodyWriter to, Completion then) {
    try {
      producer.produce(new InnerWriter(to, then));
    } catch (Throwable e) {
      then.done(e);
    }
  }
}
