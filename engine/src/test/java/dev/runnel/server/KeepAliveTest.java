package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ServerObserver;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.net.SocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A real client that keeps its connections. */
class KeepAliveTest {
  private static final int SEQUENTIAL = 1_000;
  private static final int CONCURRENT = 200;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Server start() {
    ServerObserver counter =
        new ServerObserver() {
          @Override
          public void connectionOpened(SocketAddress remote) {
            opened.incrementAndGet();
          }

          @Override
          public void requestStarted(Request request) {
            requests.incrementAndGet();
          }
        };
    return Server.builder()
        .port(0)
        .options(o -> o.observer(counter))
        .routes(
            r ->
                r.getAsync(
                        "/item/{n}",
                        req -> CompletableFuture.completedFuture(Response.ok(req.path("n"))))
                    .postAsync("/echo", req -> req.body().textAsync().thenApply(Response::ok)))
        .start();
  }

  /** Every other one is a POST, of a body that grows beyond what one packet holds. */
  private static HttpRequest request(Server server, int n) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(n % 2 == 0 ? "/item/" + n : "/echo"))
            .timeout(Duration.ofSeconds(20));
    return n % 2 == 0
        ? request.build()
        : request.POST(BodyPublishers.ofString(expected(n))).build();
  }

  private static String expected(int n) {
    return n % 2 == 0 ? Integer.toString(n) : "body " + n + " " + "x".repeat(n * 10);
  }

  private static void stop(Server server) {
    assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
  }

  @Test
  void aThousandRequestsOneAfterTheOther() throws Exception {
    Server server = start();
    try {
      for (int n = 0; n < SEQUENTIAL; n++) {
        HttpResponse<String> answer = client.send(request(server, n), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(expected(n));
      }
      assertThat(requests).hasValue(SEQUENTIAL);
      // One would do, but the client may ask for a connection before it has put the last one back.
      assertThat(opened.get()).isBetween(1, SEQUENTIAL / 100);
    } finally {
      stop(server);
    }
  }

  @Test
  void twoHundredRequestsAtOnceAndAgain() throws Exception {
    Server server = start();
    try {
      allAtOnce(server);
      int first = opened.get();
      assertThat(first).isBetween(1, CONCURRENT);
      allAtOnce(server);
      assertThat(requests).hasValue(2 * CONCURRENT);
      // The second wave finds the connections of the first.
      assertThat(opened.get()).isLessThanOrEqualTo(CONCURRENT + CONCURRENT / 10);
    } finally {
      stop(server);
    }
  }

  private void allAtOnce(Server server) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int n = 0; n < CONCURRENT; n++) {
      answers.add(client.sendAsync(request(server, n), BodyHandlers.ofString()));
    }
    for (int n = 0; n < CONCURRENT; n++) {
      HttpResponse<String> answer = Eventually.get(answers.get(n), "answer " + n);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(expected(n));
    }
  }
}
