package dev.runnel.testkit;

import dev.runnel.engine.CallProducer;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Loop;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Bodies of answers that note what they give, each of the kind it was. */
final class TappedBodies {
  private TappedBodies() {}

  static Body of(Body body, BodyCapture capture) {
    if (body instanceof Body.Source source) {
      return new Source(source, capture);
    }
    if (body instanceof CallProducer producer) {
      return new OfCall(producer, capture);
    }
    if (body instanceof Body.Producer producer) {
      return new Producer(producer, capture);
    }
    if (body instanceof Body.Output output) {
      return new Output(output, capture);
    }
    return body;
  }

  private record Source(Body.Source body, BodyCapture capture) implements Body.Source {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public @Nullable Loop home() {
      return body.home();
    }

    @Override
    public BodyReader open() {
      return new TappedReader(body.open(), capture);
    }

    @Override
    public void discard() {
      body.discard();
    }
  }

  private record Producer(Body.Producer body, BodyCapture capture) implements Body.Producer {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public void produce(BodyWriter writer) throws Exception {
      body.produce(new TappedWriter(writer, capture));
    }

    @Override
    public void discard() {
      body.discard();
    }
  }

  private record OfCall(CallProducer body, BodyCapture capture) implements CallProducer {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public void produce(Exchange call, BodyWriter writer) throws Exception {
      body.produce(call, new TappedWriter(writer, capture));
    }

    @Override
    public void discard() {
      body.discard();
    }
  }

  private record Output(Body.Output body, BodyCapture capture) implements Body.Output {
    @Override
    public long length() {
      return body.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      body.writeTo(new TappedStream(out, capture));
    }
  }

  private static final class TappedStream extends OutputStream {
    private final OutputStream to;
    private final BodyCapture capture;

    TappedStream(OutputStream to, BodyCapture capture) {
      this.to = to;
      this.capture = capture;
    }

    @Override
    public void write(int b) throws IOException {
      to.write(b);
      capture.add(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
      capture.add(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
