package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.util.concurrent.CompletableFuture;

/** Who takes answers that a server sends unasked (RFC 9113 8.4). Told on a loop. */
@FunctionalInterface
public interface PushListener {
  /**
   * The server promises the answer to this request.
   *
   * @param answer completes with it; cancelling refuses it
   */
  void promised(Request request, CompletableFuture<Response> answer);
}
