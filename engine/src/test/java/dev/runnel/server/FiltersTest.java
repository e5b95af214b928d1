package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class FiltersTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpResponse<String> get(Consumer<RouteBuilder> routes, String... headers)
      throws Exception {
    try (Server server = Server.builder().port(0).routes(routes).start()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.uri().resolve("/")).timeout(Duration.ofSeconds(10));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void aLateHandlerIsAnsweredFor() throws Exception {
    CompletableFuture<Response> never = new CompletableFuture<>();
    HttpResponse<String> answer =
        get(r -> r.use(Filters.requestTimeout(SHORT)).getAsync("/", request -> never));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("no answer within 50 ms");
    assertThat(never).isCancelled();
  }

  @Test
  void aLateHandlerIsToldAndItsAnswerDropped() throws Exception {
    CompletableFuture<CancelCause> told = new CompletableFuture<>();
    HttpResponse<String> answer =
        get(
            r ->
                r.use(Filters.requestTimeout(SHORT))
                    .handle(
                        Method.GET,
                        "/",
                        exchange ->
                            exchange.onCancel(
                                cause -> {
                                  exchange.respond(Response.ok("late"));
                                  told.complete(cause);
                                })));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(Eventually.get(told, "the handler to be told")).isEqualTo(CancelCause.TIMEOUT);
  }

  @Test
  void aStreamWithoutAFirstByteIsTakenBack() throws Exception {
    Body.Producer silent = writer -> {};
    HttpResponse<String> answer =
        get(
            r ->
                r.use(Filters.requestTimeout(SHORT))
                    .handle(Method.GET, "/", x -> x.respond(Response.ok().body(silent))));
    assertThat(answer.statusCode()).isEqualTo(503);
  }

  @Test
  void aStreamLeavesTheDeadlineWithItsFirstByte() throws Exception {
    HttpResponse<String> answer =
        get(r -> r.use(Filters.requestTimeout(SHORT)).handle(Method.GET, "/", FiltersTest::drip));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ab");
  }

  private static void drip(Exchange exchange) {
    Body.Producer body =
        writer -> {
          writer.write(Bytes.utf8("a"));
          exchange.loop().schedule(() -> endWith(writer, "b"), Duration.ofMillis(150));
        };
    exchange.respond(Response.ok().body(body));
  }

  private static void endWith(BodyWriter writer, String text) {
    writer.write(Bytes.utf8(text));
    writer.end();
  }

  @Test
  void aLimitMustBePositive() {
    assertThatThrownBy(() -> Filters.requestTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSaneRequestIdIsTakenOverAndLeavesTheLoopAgain() throws Exception {
    Consumer<RouteBuilder> routes =
        r ->
            r.use(Filters.requestId())
                .handle(Method.GET, "/", x -> x.respond(Response.ok(MDC.get("requestId") + "")));
    HttpResponse<String> taken = get(routes, "X-Request-Id", "abc-1");
    assertThat(taken.headers().firstValue("X-Request-Id")).contains("abc-1");
    assertThat(taken.body()).isEqualTo("abc-1");
    HttpResponse<String> made = get(routes, "X-Request-Id", "not sane");
    assertThat(made.headers().firstValue("X-Request-Id")).contains(made.body());
    assertThat(made.body()).doesNotContain(" ").isNotEqualTo("null");
    HttpResponse<String> none =
        get(r -> r.handle(Method.GET, "/", x -> x.respond(Response.ok(MDC.get("requestId") + ""))));
    assertThat(none.body()).isEqualTo("null");
  }

  @Test
  void theIdIsInErrorAnswersToo() throws Exception {
    HttpResponse<String> answer =
        get(
            r ->
                r.use(Filters.requestId())
                    .handle(
                        Method.GET,
                        "/",
                        x -> {
                          throw new IllegalStateException("secret");
                        }),
            "X-Request-Id",
            "abc-1");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.headers().firstValue("X-Request-Id")).contains("abc-1");
    assertThat(answer.body()).contains("abc-1").doesNotContain("secret");
  }

  @Test
  void oneAccessLineForEachCall() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("runnel.access");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      get(
          r ->
              r.use(Filters.accessLog(), Filters.requestId())
                  .handle(Method.GET, "/", x -> x.respond(Response.ok("hello"))),
          "X-Request-Id",
          "abc-1");
    } finally {
      logger.detachAppender(lines);
    }
    List<String> messages = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(messages).hasSize(1);
    assertThat(messages.get(0)).matches("GET / 200 5 \\d+\\.\\d{3} abc-1");
  }
}
