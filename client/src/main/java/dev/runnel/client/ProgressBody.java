package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * An upload that tells how far it is: bytes that were handed to the connection, which holds 64 KiB
 * or so that the server may not have yet. The length of the body stays, and whether it can be sent
 * again; each sending counts anew.
 */
public final class ProgressBody {
  /** How often a listener hears of progress unless told otherwise. */
  public static final int PER_SECOND = 10;

  private ProgressBody() {}

  /** The body, with a listener that hears of it 10 times a second at most. */
  public static Body of(Body body, Progress.Listener listener) {
    return of(body, listener, PER_SECOND);
  }

  /**
   * The body, with a listener that hears of it so many times a second at most, and of the end.
   *
   * @throws IllegalArgumentException if {@code perSecond} is not within 1 to 1000, or the body is
   *     an upgrade
   */
  public static Body of(Body body, Progress.Listener listener, int perSecond) {
    requireRate(perSecond);
    if (body instanceof Body.Upgrade) {
      throw new IllegalArgumentException("an upgrade has no bytes to count");
    }
    return body instanceof Body.Source source
        ? new CountedSource(source, listener, perSecond)
        : new CountedProducer(body, listener, perSecond);
  }

  static int requireRate(int perSecond) {
    if (perSecond < 1 || perSecond > 1000) {
      throw new IllegalArgumentException(
          "progress is told 1 to 1000 times a second, not " + perSecond);
    }
    return perSecond;
  }

  private record CountedSource(Body.Source source, Progress.Listener listener, int perSecond)
      implements Body.Source, RepeatableBody {
    @Override
    public long length() {
      return source.length();
    }

    @Override
    public boolean isRepeatable() {
      return RepeatableBody.isRepeatable(source);
    }

    @Override
    public @Nullable Loop home() {
      return source.home();
    }

    @Override
    public BodyReader open() {
      BodyReader reader = source.open();
      return new CountedReader(
          reader, new ProgressMeter(listener, perSecond, 0, length(), reader.loop()::nanoTime));
    }

    @Override
    public void discard() {
      source.discard();
    }
  }

  private record CountedReader(BodyReader reader, ProgressMeter meter) implements BodyReader {
    @Override
    public @Nullable Bytes poll() {
      Bytes bytes = reader.poll();
      if (bytes != null) {
        meter.add(bytes.length());
      } else if (reader.ended()) {
        meter.end();
      }
      return bytes;
    }

    @Override
    public boolean ended() {
      return reader.ended();
    }

    @Override
    public void onReady(Runnable once) {
      reader.onReady(once);
    }

    @Override
    public void cancel() {
      reader.cancel();
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
      return reader.loop();
    }
  }

  /** Everything else is written by us or by itself, and counted on its way. */
  private record CountedProducer(Body body, Progress.Listener listener, int perSecond)
      implements StoppableBody, RepeatableBody {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public boolean isRepeatable() {
      return RepeatableBody.isRepeatable(body);
    }

    @Override
    public void produce(BodyWriter writer) throws Exception {
      ProgressMeter meter =
          new ProgressMeter(listener, perSecond, 0, length(), writer.loop()::nanoTime);
      CountedWriter counted = new CountedWriter(writer, meter);
      if (body instanceof Body.Producer producer) {
        producer.produce(counted);
      } else {
        BodySender.send(body, counted, failure -> finish(counted, failure));
      }
    }

    private static void finish(BodyWriter writer, @Nullable Throwable failure) {
      if (failure != null) {
        BodySender.fail(writer, failure);
        return;
      }
      try {
        writer.end();
      } catch (RuntimeException e) {
        BodySender.fail(writer, e); // we may stand on nobody's stack
      }
    }

    @Override
    public void stopped() {
      if (body instanceof StoppableBody stoppable) {
        stoppable.stopped();
      }
    }

    @Override
    public void discard() {
      Body.discard(body);
    }
  }

  private record CountedWriter(BodyWriter writer, ProgressMeter meter) implements BodyWriter {
    @Override
    public boolean write(Bytes bytes) {
      boolean more = writer.write(bytes);
      meter.add(bytes.length());
      return more;
    }

    @Override
    public void commit() {
      writer.commit();
    }

    @Override
    public void onWritable(Runnable once) {
      writer.onWritable(once);
    }

    @Override
    public void end(Headers trailers) {
      meter.end(); // first, so that a listener that throws still fails the call
      writer.end(trailers);
    }

    @Override
    public Loop loop() {
      return writer.loop();
    }
  }
}
