package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ScriptedTransport.Call;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;

/** A client over connections whose servers the test plays; nothing is left at the end. */
abstract class PlayedServers {
  static final String URL = "http://a.example/x";

  final ScriptedTransport transport = new ScriptedTransport();
  Client client = client(b -> b);

  Client client(java.util.function.UnaryOperator<ClientBuilder> edit) {
    return edit.apply(
            Client.builder()
                .proxies(ProxyChoice.NONE)
                .withoutHeader("User-Agent")
                .withoutHeader("Accept")
                .withoutDecoding()
                .transport(transport))
        .build();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(client.stats().calls()).as("calls on connections").isZero();
    assertThat(client.stats().waiting()).as("calls that wait").isZero();
  }

  CompletableFuture<Response> send(Request request) {
    CompletableFuture<Response> answer = client.send(request);
    transport.loop.run();
    return answer;
  }

  static ClientException failure(CompletableFuture<?> answer) {
    assertThat(answer).isCompletedExceptionally();
    try {
      answer.join();
    } catch (CompletionException e) {
      return (ClientException) e.getCause();
    }
    throw new AssertionError("it succeeded");
  }

  String text(Response response) {
    CompletableFuture<String> text = response.content().textAsync().toCompletableFuture();
    transport.loop.run();
    return text.join();
  }

  Call call() {
    return transport.last().call();
  }
}
