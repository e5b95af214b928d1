package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Content;
import dev.runnel.http.Response;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A body on its way, with the client's limit for what is held of it as a whole. */
final class HeldBody implements Body.Source, Content {
  private final Body.Source source;
  private final Content content;

  private HeldBody(Body.Source source, Content content) {
    this.source = source;
    this.content = content;
  }

  static Response limit(Response response, long limit, Object what) {
    return response.body() instanceof Body.Source source
        ? response.body(
            new HeldBody(
                source,
                Content.of(source, response.headers(), limit, most -> tooLarge(most, what))))
        : response;
  }

  private static ClientException tooLarge(long limit, Object what) {
    return new ClientException(
        Reason.TOO_LARGE,
        "the body of the answer to "
            + what
            + " is larger than the limit of "
            + limit
            + " bytes for bodies held as a whole: read it as a stream, or set maxHeld");
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public @Nullable Loop home() {
    return source.home();
  }

  @Override
  public BodyReader open() {
    return source.open();
  }

  @Override
  public void discard() {
    source.discard();
  }

  @Override
  public boolean isEmpty() {
    return content.isEmpty();
  }

  @Override
  public BodyReader reader() {
    return content.reader();
  }

  @Override
  public byte[] bytes() {
    return content.bytes();
  }

  @Override
  public String text() {
    return content.text();
  }

  @Override
  public <T> T json(Class<T> type) {
    return content.json(type);
  }

  @Override
  public CompletionStage<byte[]> bytesAsync() {
    return content.bytesAsync();
  }

  @Override
  public CompletionStage<String> textAsync() {
    return content.textAsync();
  }

  @Override
  public <T> CompletionStage<T> jsonAsync(Class<T> type) {
    return content.jsonAsync(type);
  }
}
