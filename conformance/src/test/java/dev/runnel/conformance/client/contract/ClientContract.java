package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.conformance.contract.Logs;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.ServerOptions;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import dev.runnel.testing.Leaks;
import dev.runnel.transport.ClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;

/**
 * A part of the client's contract. Its tests run over each {@link Combination} that its annotation
 * names, and each ends with the leak check.
 */
abstract class ClientContract {
  @Parameter Combination on;

  final Leaks leaks = new Leaks();
  final Logs logs = new Logs();
  final Witness witness = new Witness();
  private final KotlinCalls coroutines = new KotlinCalls();
  private final List<Ground> grounds = new ArrayList<>();
  private @Nullable Client client;

  /** Starts a server with these routes; the first one is what {@link #url} names. */
  final Ground start(Consumer<RouteBuilder> routes) {
    return start(routes, options -> {});
  }

  final Ground start(Consumer<RouteBuilder> routes, Consumer<ServerOptions.Builder> options) {
    Ground started = Ground.start(on, Router.of(Routes.of(routes)), options);
    grounds.add(started);
    return started;
  }

  final Ground ground() {
    return grounds.get(0);
  }

  final String url(String path) {
    return ground().url(path);
  }

  /** The client of this test, with defaults unless it was set up before. */
  final Client client() {
    return client == null ? client(builder -> builder) : client;
  }

  final Client client(UnaryOperator<ClientBuilder> edit) {
    Client made = ground().client(edit);
    client = made;
    return made;
  }

  final CompletableFuture<Response> send(Request request) {
    CompletableFuture<Response> answer = begin(request);
    ground().run();
    return answer;
  }

  /** Asks by the face of this combination, and lets nobody work on it yet. */
  final CompletableFuture<Response> begin(Request request) {
    return on.face() == Combination.Face.KOTLIN
        ? coroutines.send(client(), request)
        : client().send(request);
  }

  final CompletableFuture<Response> begin(String path) {
    return begin(Request.get(url(path)));
  }

  /** The answer to a request, its body not read yet. */
  final Response fetch(Request request) {
    return await(send(request));
  }

  final Response fetch(String path) {
    return fetch(Request.get(url(path)));
  }

  final String text(Response response) {
    return await(response.content().textAsync());
  }

  final String text(Request request) {
    return text(fetch(request));
  }

  final <T> T await(CompletionStage<T> stage) {
    return ground().await(stage);
  }

  final void awaitNote(String event) {
    try {
      ground().until(() -> witness.saw(event), "'" + event + "'");
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; noted " + witness.notes(), e);
    }
  }

  /** What this fails with. */
  final ClientException failure(CompletionStage<?> stage) {
    return failure(stage, ClientException.class);
  }

  final <E extends Throwable> E failure(CompletionStage<?> stage, Class<E> type) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    ground().until(future::isDone, "a future to fail");
    try {
      Object value = future.join();
      throw new AssertionError("it succeeded: " + value);
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(type);
      return type.cast(e.getCause());
    }
  }

  // --- parts of handlers ---

  /** Reads to the end, and tells how much it was. */
  static void readAll(BodyReader body, long before, Consumer<Long> done) {
    long sum = before;
    for (Bytes bytes = body.poll(); bytes != null; bytes = body.poll()) {
      sum += bytes.length();
    }
    long total = sum;
    if (body.ended()) {
      done.accept(total);
    } else {
      body.onReady(() -> readAll(body, total, done));
    }
  }

  /** Answers with the length of what came. */
  static void count(Exchange x) {
    readAll(x.body(), 0, size -> x.respond(Response.ok(size + " bytes")));
  }

  /** Notes when the call of this name begins and is cancelled. */
  final void watch(Exchange x, String name) {
    x.onCancel(cause -> witness.note(name + " " + cause));
    witness.note("started " + name);
  }

  /** Answers when the test opens the gate of this name. */
  final void answerLater(Exchange x, String name) {
    watch(x, name);
    whenOpen(x, name, () -> x.respond(Response.ok(name)));
  }

  /** Goes on on the loop, if the call is still there. */
  final void whenOpen(Exchange x, String gate, Runnable then) {
    witness
        .gate(gate)
        .thenRun(
            () ->
                x.loop()
                    .execute(
                        () -> {
                          if (x.cancelled() == null) {
                            then.run();
                          }
                        }));
  }

  @AfterEach
  void leavesNothingBehind() {
    try {
      coroutines.close();
      grounds.forEach(Ground::close);
      if (!grounds.isEmpty()) {
        ground().until(() -> leaks.left().isEmpty(), "all buffers to be released");
      }
      assertThat(logs.complaints()).as("warnings and errors that no test asked for").isEmpty();
    } catch (AssertionError e) {
      leaks.left().forEach(leak -> e.addSuppressed(new AssertionError("not released: " + leak)));
      throw e;
    } finally {
      logs.close();
    }
  }

  @AfterAll
  static void serversStop() {
    TcpGround.awaitStops();
  }
}
