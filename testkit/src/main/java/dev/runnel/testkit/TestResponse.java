package dev.runnel.testkit;

import dev.runnel.http.BodyCodec;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Received;
import dev.runnel.http.Response;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An answer with its whole body. */
public final class TestResponse {
  private final String asked;
  private final Response response;
  private final byte[] body;
  private final Headers trailers;

  /**
   * The answer to what was asked.
   *
   * @param asked the method and the target, as the test gave them
   */
  TestResponse(String asked, Response response, byte[] body, Headers trailers) {
    this.asked = asked;
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

  /**
   * The body decoded by {@link BodyCodec#json()}, as {@code Response.content().json(type)} does.
   *
   * @throws AssertionError if it does not fit, with the place in the document and the exchange
   * @throws IllegalStateException if there is no codec; the message names the dependency to add
   */
  public <T> T json(Class<T> type) {
    try {
      return BodyCodec.json().decode(body, type);
    } catch (HttpError e) {
      throw new AssertionError(undecodable(e), e);
    }
  }

  String undecodable(HttpError error) {
    String why = error.problem().detail();
    return "the answer does not decode: " + (why == null ? error : why) + "\n\n" + this;
  }

  /** The fields behind the body. */
  public Headers trailers() {
    return trailers;
  }

  /**
   * The exchange, for failures: what was asked, and status, fields and body of the answer. A long
   * body is cut, one that is no text is counted.
   */
  @Override
  public String toString() {
    Received received = response.received();
    StringBuilder text = new StringBuilder(asked);
    if (received != null) {
      text.append(", answered over ").append(received.version());
      text.append(" by ").append(received.uri());
    }
    text.append("\n\n").append(response.status());
    append(text, headers());
    text.append("\n\n").append(BodyText.of(body));
    if (!trailers.isEmpty()) {
      text.append("\n\nand trailers");
      append(text, trailers);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Headers fields) {
    fields.forEach((name, value) -> text.append('\n').append(name).append(": ").append(value));
  }
}
