package dev.runnel.testkit;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.memory.DirectCalls;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The body of an answer whose handler runs whenever the test reads. */
final class DrivenBody implements Body.Source {
  private final Body.Source source;
  private final DirectCalls.Started call;
  private final DrivenLoop loop;

  DrivenBody(Body.Source source, DirectCalls.Started call, DrivenLoop loop) {
    this.source = source;
    this.call = call;
    this.loop = loop;
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public BodyReader open() {
    return new Reader(source.open());
  }

  @Override
  public void discard() {
    source.discard();
    loop.runQueued();
  }

  private final class Reader implements BodyReader {
    private final BodyReader reader;

    Reader(BodyReader reader) {
      this.reader = reader;
    }

    /** Lets the handler run until there is something: null is the end. */
    @Override
    public @Nullable Bytes poll() {
      Bytes next = loop.call(reader::poll);
      while (next == null && !reader.ended()) {
        await();
        next = loop.call(reader::poll);
      }
      return next;
    }

    private void await() {
      AtomicBoolean ready = new AtomicBoolean();
      loop.<@Nullable Void>call(
          () -> {
            reader.onReady(() -> ready.set(true));
            return null;
          });
      if (!loop.until(ready::get)) {
        loop.<@Nullable Void>call(
            () -> {
              call.stuck("has an answer whose body does not go on");
              return null;
            });
        loop.runQueued();
      }
    }

    @Override
    public boolean ended() {
      return reader.ended();
    }

    @Override
    public void onReady(Runnable once) {
      once.run(); // polling waits
    }

    @Override
    public void cancel() {
      loop.<@Nullable Void>call(
          () -> {
            reader.cancel();
            return null;
          });
      loop.runQueued();
    }

    @Override
    public Headers trailers() {
      return reader.trailers();
    }

    @Override
    public long length() {
      return reader.length();
    }

    @Override
    public Loop loop() {
      return loop;
    }
  }
}
