package dev.runnel.testkit;

import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyCodec;
import dev.runnel.http.BodyCollector;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.HttpError;
import dev.runnel.http.MediaType;
import dev.runnel.http.QueryParams;
import dev.runnel.http.Request;
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

/**
 * The body of a request whose every way of being read goes through one reader, which notes it. The
 * body behind would read itself, and its bytes would be seen by nobody until all were there.
 */
final class TappedContent implements RequestBody {
  private final RequestBody body;
  private final Request request;
  private final Exchange call;
  private final CallCapture capture;

  TappedContent(RequestBody body, Request request, Exchange call, CallCapture capture) {
    this.body = body;
    this.request = request;
    this.call = call;
    this.capture = capture;
  }

  @Override
  public boolean isEmpty() {
    return body.isEmpty();
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public @Nullable Loop home() {
    return body.home();
  }

  @Override
  public BodyReader reader() {
    return new TappedReader(body.reader(), capture.upload());
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
    return BodyCodec.json().decode(bytes(), type); // on the caller's thread, which may block
  }

  @Override
  public QueryParams form() {
    requireForm();
    return QueryParams.parseForm(Bytes.copyOf(bytes()));
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
    return bytesAsync().thenApply(bytes -> QueryParams.parseForm(Bytes.copyOf(bytes)));
  }

  private void collect(CompletableFuture<byte[]> result) {
    try {
      long limit = call.settings().bufferedBodyLimit();
      if (length() > limit) {
        throw tooLarge(limit); // before the body is asked for: the client need not send it
      }
      CompletableFuture<?> unused =
          BodyCollector.collectArray(reader(), limit, TappedContent::tooLarge)
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

  private Charset charset() {
    MediaType type = mediaType();
    Charset named = type == null ? null : type.charset();
    return named == null ? StandardCharsets.UTF_8 : named;
  }

  private @Nullable MediaType mediaType() {
    String text = request.header(HeaderNames.CONTENT_TYPE);
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
}
