package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to be sent. One that is all there can be read too: a filter may sign it.
 */
final class OutgoingBody implements RequestBody {
  private final Body body;
  private final Headers headers;

  OutgoingBody(Body body, Headers headers) {
    this.body = body;
    this.headers = headers;
  }

  @Override
  public Body toBody() {
    return body;
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
    if (body instanceof Body.Source source) {
      return source.open();
    }
    throw new IllegalStateException(
        "a body that is to be sent is not read as a stream: toBody() gives it as it is");
  }

  private Bytes whole() {
    if (body instanceof Body.Whole whole) {
      return whole.bytes();
    }
    throw new IllegalStateException(
        "only a body that is all there can be read before it is sent, not a "
            + body.getClass().getSimpleName());
  }

  @Override
  public byte[] bytes() {
    return whole().toByteArray();
  }

  @Override
  public String text() {
    return whole().text(ContentTypes.charset(headers, StandardCharsets.UTF_8));
  }

  @Override
  public <T> T json(Class<T> type) {
    return BodyCodec.json().decode(bytes(), type);
  }

  @Override
  public QueryParams form() {
    return QueryParams.parseForm(whole());
  }

  @Override
  public CompletionStage<byte[]> bytesAsync() {
    return CompletableFuture.completedFuture(bytes());
  }

  @Override
  public CompletionStage<String> textAsync() {
    return CompletableFuture.completedFuture(text());
  }

  @Override
  public <T> CompletionStage<T> jsonAsync(Class<T> type) {
    return CompletableFuture.completedFuture(json(type));
  }

  @Override
  public CompletionStage<QueryParams> formAsync() {
    return CompletableFuture.completedFuture(form());
  }
}
