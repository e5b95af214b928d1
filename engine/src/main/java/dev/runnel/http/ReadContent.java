package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
    return await(whole()).toByteArray();
  }

  @Override
  public String text() {
    return await(whole()).text(charset());
  }

  @Override
  public <T> T json(Class<T> type) {
    // Decoded here, on the caller's thread: it may block, the loop may not.
    return decoded(bytes(), type);
  }

  @Override
  public CompletionStage<byte[]> bytesAsync() {
    return whole().thenApply(Bytes::toByteArray);
  }

  @Override
  public CompletionStage<String> textAsync() {
    return whole().thenApply(bytes -> bytes.text(charset()));
  }

  @Override
  public <T> CompletionStage<T> jsonAsync(Class<T> type) {
    return whole().thenApply(bytes -> decoded(bytes.toByteArray(), type));
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

  private CompletableFuture<Bytes> whole() {
    if (body instanceof Body.Whole all) {
      return CompletableFuture.completedFuture(all.bytes());
    }
    Body.Source source = source();
    Loop loop = source.home();
    if (loop == null) {
      return collect(source);
    }
    CompletableFuture<Bytes> result = new CompletableFuture<>();
    if (loop.inLoop()) {
      collect(source).whenComplete((bytes, error) -> passLater(loop, result, bytes, error));
    } else {
      loop.execute(
          () ->
              collect(source).whenComplete((bytes, error) -> passLater(loop, result, bytes, error)));
    }
    return result;
  }

  /**
   * Behind the step of the connection that gave the last bytes: whoever asks for something else next
   * finds it free.
   */
  private static void passLater(
      Loop loop,
      CompletableFuture<Bytes> result,
      @Nullable Bytes bytes,
      @Nullable Throwable error) {
    loop.execute(() -> pass(result, bytes, error));
  }

  private CompletableFuture<Bytes> collect(Body.Source source) {
    try {
      return BodyCollector.collect(source.open(), limit, tooLarge);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void pass(
      CompletableFuture<Bytes> result, @Nullable Bytes bytes, @Nullable Throwable error) {
    if (error != null) {
      result.completeExceptionally(error);
    } else {
      result.complete(bytes);
    }
  }

  private Bytes await(CompletableFuture<Bytes> bytes) {
    Loop loop = home();
    if (loop != null && loop.inLoop() && !bytes.isDone()) {
      throw new IllegalStateException(
          "a blocking read on the event loop would stop every connection on it: "
              + "use the …Async methods, or read on another thread");
    }
    try {
      return bytes.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
