package dev.runnel.samples.outbound;

import dev.runnel.client.Client;
import dev.runnel.client.RetryPolicy;
import dev.runnel.client.ReverseProxy;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import dev.runnel.routing.Routes;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Routes that call another service, in Java. */
public final class OutboundJava {
  private final Client client;
  private final String backend;

  /** Calls what is at this URL. */
  public OutboundJava(Client client, String backend) {
    this.client = client;
    this.backend = backend;
  }

  // snippet:client-java
  /** One client for the whole application. */
  public static Client client() {
    return Client.builder()
        .timeouts(t -> t.withConnect(Duration.ofSeconds(2)).withCall(Duration.ofSeconds(10)))
        .retries(RetryPolicy.DEFAULT)
        .build();
  }

  /** Waits on a thread of its own: a virtual one where the JDK has them. */
  private Response greet(Request request) {
    Request asked = Request.get(backend + "/hello/" + request.path("name"));
    return Response.ok(client.fetch(asked).content().text().toUpperCase(Locale.ROOT));
  }

  /** Waits for nobody: both calls are under way at once. */
  private CompletionStage<Response> both(Request request) {
    CompletableFuture<String> one = client.get(backend + "/one").thenCompose(OutboundJava::text);
    CompletableFuture<String> two = client.get(backend + "/two").thenCompose(OutboundJava::text);
    return one.thenCombine(two, (a, b) -> Response.ok(a + " and " + b));
  }

  private static CompletionStage<String> text(Response answer) {
    return answer.content().textAsync();
  }

  // end

  /** The routes. */
  public Routes routes() {
    return Routes.of(
        r ->
            r.get("/greet/{name}", this::greet)
                .getAsync("/both", this::both)
                .path(
                    "/behind",
                    behind ->
                        behind.handleFallback(
                            ReverseProxy.DEFAULT
                                .withoutPrefix("/behind")
                                .handler(client, Uri.of(backend)))));
  }
}
