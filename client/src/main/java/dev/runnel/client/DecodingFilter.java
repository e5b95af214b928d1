package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.util.concurrent.CompletionStage;

/**
 * Asks for compressed answers and undoes that. Who asks for codings himself gets them as they are,
 * and who asks for a range gets the bytes that he named.
 */
final class DecodingFilter implements ClientFilter {
  private final ContentDecoding decoding;

  DecodingFilter(ContentDecoding decoding) {
    this.decoding = decoding;
  }

  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    boolean asked = request.headers().get(HeaderNames.ACCEPT_ENCODING) != null;
    boolean range = request.headers().get(HeaderNames.RANGE) != null;
    if (asked || range) {
      return next.send(request);
    }
    Request sent =
        request.withHeaders(
            headers -> headers.with(HeaderNames.ACCEPT_ENCODING, ContentDecoding.acceptEncoding()));
    return Answered.then(next.send(sent), response -> decoding.decode(request.method(), response));
  }
}
