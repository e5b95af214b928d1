package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The body of an answer, read. */
final class ReadContent implements Content {
  private final Body body;
  private final Headers headers;
  private final long limit;
  private final LongFunction<? extends RuntimeException> tooLarge;

  ReadContent(
      Body body, Headers headers, long limit, LongFunction<? extends RuntimeException> tooLarge) {
    this.body = body;
    this.headers = headers;
    this.limit = limit;
    this.tooLarge = tooLarge;
  }

  @Override
  public boolean isEmpty() {
    return body.length() == 0;
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public @Nullable Loop home() {
    return body instanceof Body.Source source ? source.home() : null;
  }

  @Override
  public BodyReader reader() {
    return source().open();
  }

  private Body.Source source() {
    if (body instanceof Body.Source source) {
      return source;
    }
    throw new IllegalStateException(
        "only a body that comes from elsewhere can be read, not a "
            + body.getClass().getSimpleName());
  }

  @Override
  public byte[] bytes() {
    return await(read(Bytes::toByteArray));
  }

  @Override
  public String text() {
    return await(read(bytes -> bytes.text(charset())));
  }

  @Override
  public <T> T json(Class<T> type) {
    // Decoded here, on the caller's thread: it may block, the loop may not.
    return decoded(bytes(), type);
  }

  @Override
  public CompletionStage<byte[]> bytesAsync() {
    return read(Bytes::toByteArray);
  }

  @Override
  public CompletionStage<String> textAsync() {
    return read(bytes -> bytes.text(charset()));
  }

  @Override
  public <T> CompletionStage<T> jsonAsync(Class<T> type) {
    return read(bytes -> decoded(bytes.toByteArray(), type));
  }

  /** The codec blames who sent the document with a 400; here that is nobody who asked us. */
  private static <T> T decoded(byte[] document, Class<T> type) {
    try {
      return BodyCodec.json().decode(document, type);
    } catch (HttpError e) {
      throw new IllegalStateException("the answer does not decode: " + e.getMessage(), e);
    }
  }

  private Charset charset() {
    return ContentTypes.charset(headers, StandardCharsets.UTF_8);
  }

  private <T> CompletableFuture<T> read(Function<Bytes, T> convert) {
    if (body instanceof Body.Whole all) {
      return CompletableFuture.completedFuture(all.bytes()).thenApply(convert);
    }
    Reading<T> reading = new Reading<>(source(), convert);
    Loop loop = home();
    if (loop == null || loop.inLoop()) {
      reading.begin();
    } else {
      loop.execute(reading::begin);
    }
    return reading;
  }

  /** What is made of a body that is being read. Cancelling it gives the body up. */
  private final class Reading<T> extends CompletableFuture<T> {
    private final Body.Source source;
    private final Function<Bytes, T> convert;
    private volatile @Nullable BodyReader reader;

    Reading(Body.Source source, Function<Bytes, T> convert) {
      this.source = source;
      this.convert = convert;
    }

    void begin() {
      try {
        BodyReader opened = source.open();
        reader = opened;
        if (isCancelled()) {
          opened.cancel(); // before it was opened; from now on cancel sees the reader
          return;
        }
        BodyCollector.collect(opened, limit, tooLarge)
            .whenComplete((bytes, error) -> handOver(opened.loop(), bytes, error));
      } catch (RuntimeException e) {
        completeExceptionally(e);
      }
    }

    /**
     * Behind the step of the connection that gave the last bytes: whoever asks for something else
     * next finds it free.
     */
    private void handOver(Loop loop, @Nullable Bytes bytes, @Nullable Throwable error) {
      if (source.home() == null) {
        collected(bytes, error);
      } else {
        loop.execute(() -> collected(bytes, error));
      }
    }

    private void collected(@Nullable Bytes bytes, @Nullable Throwable error) {
      if (bytes == null) {
        completeExceptionally(error);
        return;
      }
      try {
        complete(convert.apply(bytes));
      } catch (RuntimeException e) {
        completeExceptionally(e);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean first = super.cancel(mayInterruptIfRunning);
      BodyReader opened = reader;
      if (first && opened != null) {
        opened.loop().execute(opened::cancel);
      }
      return first;
    }
  }

  private <T> T await(CompletableFuture<T> value) {
    Loop loop = home();
    if (loop != null && loop.inLoop() && !value.isDone()) {
      throw new IllegalStateException(
          "a blocking read on the event loop would stop every connection on it: "
              + "use the …Async methods, or read on another thread");
    }
    try {
      return value.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
