package dev.runnel.engine.internal.exchange;

import dev.runnel.http.BodyCodec;
import dev.runnel.http.BodyCollector;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.HttpError;
import dev.runnel.http.MediaType;
import dev.runnel.http.QueryParams;
import dev.runnel.http.RequestBody;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The Java face of a request's body: collects it up to the buffered body limit, and decodes it. */
final class BufferedBody implements RequestBody {
  private final ServerExchange call;
  private final WireHead head;

  BufferedBody(ServerExchange call, WireHead head) {
    this.call = call;
    this.head = head;
  }

  @Override
  public boolean isEmpty() {
    return head.bodyLength() == 0;
  }

  @Override
  public long length() {
    return head.bodyLength();
  }

  @Override
  public Loop home() {
    return call.loop();
  }

  @Override
  public BodyReader reader() {
    return call.body();
  }

  @Override
  public byte[] bytes() {
    return await(this::bytesAsync);
  }

  @Override
  public String text() {
    return await(this::textAsync);
  }

  @Override
  public <T> T json(Class<T> type) {
    // Decoded here, on the caller's thread: it may block, the loop may not.
    return BodyCodec.json().decode(bytes(), type);
  }

  @Override
  public QueryParams form() {
    requireForm();
    return QueryParams.parseForm(Bytes.Unsafe.wrap(bytes()));
  }

  @Override
  public CompletionStage<byte[]> bytesAsync() {
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    if (call.loop().inLoop()) {
      collect(result);
    } else {
      call.loop().execute(() -> collect(result));
    }
    return result;
  }

  @Override
  public CompletionStage<String> textAsync() {
    Charset charset = charset();
    return bytesAsync().thenApply(bytes -> new String(bytes, charset));
  }

  @Override
  public <T> CompletionStage<T> jsonAsync(Class<T> type) {
    return bytesAsync().thenApply(bytes -> BodyCodec.json().decode(bytes, type));
  }

  @Override
  public CompletionStage<QueryParams> formAsync() {
    requireForm();
    return bytesAsync().thenApply(bytes -> QueryParams.parseForm(Bytes.Unsafe.wrap(bytes)));
  }

  private Charset charset() {
    MediaType type = mediaType();
    Charset named = type == null ? null : type.charset();
    return named == null ? StandardCharsets.UTF_8 : named;
  }

  private @Nullable MediaType mediaType() {
    String text = head.headers().get(HeaderNames.CONTENT_TYPE);
    if (text == null) {
      return null;
    }
    try {
      return MediaType.parse(text);
    } catch (IllegalArgumentException e) {
      throw HttpError.badRequest("malformed Content-Type: " + e.getMessage());
    }
  }

  private void requireForm() {
    MediaType type = mediaType();
    if (type == null || !type.matches(MediaType.FORM)) {
      throw new HttpError(415, "a form must be sent as application/x-www-form-urlencoded");
    }
  }

  private <T> T await(Supplier<CompletionStage<T>> read) {
    if (call.loop().inLoop()) {
      throw new IllegalStateException(
          "a blocking read on the event loop would stop every connection on it: "
              + "use the …Async methods, or handle the call in a BlockingHandler");
    }
    try {
      return read.get().toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void collect(CompletableFuture<byte[]> result) {
    try {
      long limit = CallPolicy.bufferedBodyLimit(call);
      if (head.bodyLength() > limit) {
        throw tooLarge(limit);
      }
      BodyCollector.collectArray(call.body(), limit, BufferedBody::tooLarge)
          .whenComplete(
              (bytes, error) -> {
                if (error != null) {
                  result.completeExceptionally(error);
                } else {
                  result.complete(bytes);
                }
              });
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private static HttpError tooLarge(long limit) {
    return new HttpError(
        413, "the body is larger than the limit of " + limit + " bytes for bodies read as a whole");
  }
}
