package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An answer with its whole body. */
public final class TestResponse {
  private final Response response;
  private final byte[] body;
  private final Headers trailers;

  TestResponse(Response response, byte[] body, Headers trailers) {
    this.response = response;
    this.body = body;
    this.trailers = trailers;
  }

  /** The status code. */
  public int status() {
    return response.status().code();
  }

  /** The fields. */
  public Headers headers() {
    return response.headers();
  }

  /** The first value of a field, or null. */
  public @Nullable String header(String name) {
    return response.headers().get(name);
  }

  /** The body. */
  public byte[] bytes() {
    return body.clone();
  }

  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The fields behind the body. */
  public Headers trailers() {
    return trailers;
  }

  /** Status, fields and body, for failures. */
  @Override
  public String toString() {
    return response.status() + "\n" + response.headers() + "\n\n" + text();
  }
}
