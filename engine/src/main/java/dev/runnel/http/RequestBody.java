package dev.runnel.http;

import java.util.concurrent.CompletionStage;

/**
 * The body of a request.
 *
 * <p>Read by a server, the buffering ways hold at most the buffered body limit (1 MiB unless set):
 * a larger body is an {@link HttpError} 413 that names the limit. What does not decode as JSON is a
 * 400 that names the place in the document.
 */
public interface RequestBody extends Content {
  /** The fields of an application/x-www-form-urlencoded body; any other type is a 415. Blocks. */
  QueryParams form();

  /** The fields of an application/x-www-form-urlencoded body; any other type is a 415. */
  CompletionStage<QueryParams> formAsync();

  /**
   * This body as one to be sent on: to another server, or back. What was received is read by that,
   * and cannot be read otherwise any more.
   */
  default Body toBody() {
    return isEmpty() ? Body.EMPTY : new ReceivedBody(this);
  }
}
