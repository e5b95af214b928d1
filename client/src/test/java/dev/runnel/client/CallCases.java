package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.client.ScriptedTransport.Call;
import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.Destination;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** A client whose servers the test plays; nothing may be left when it ends. */
abstract class CallCases {
  final ScriptedTransport transport = new ScriptedTransport();
  private Client client = build(b -> b);

  private Client build(UnaryOperator<ClientBuilder> edit) {
    ClientBuilder bare =
        Client.builder()
            .proxies(ProxyChoice.NONE)
            .withoutHeader("User-Agent")
            .withoutHeader("Accept")
            .withoutDecoding()
            .transport(transport);
    return edit.apply(bare).build();
  }

  /** From now on another client is used. */
  final Client client(UnaryOperator<ClientBuilder> edit) {
    client = build(edit);
    return client;
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(client.stats().calls()).as("calls on connections").isZero();
    assertThat(client.stats().waiting()).as("calls that wait").isZero();
  }

  final CompletableFuture<Response> send(Request request) {
    CompletableFuture<Response> answer = client.send(request);
    transport.loop.run();
    return answer;
  }

  final CompletableFuture<Response> get(String url) {
    return send(Request.get(url));
  }

  /** The call that came last. */
  final Call call() {
    assertThat(transport.newest).as("a call").isNotNull();
    return transport.newest;
  }

  /** Answers the call that came last, and lets the client act on that. */
  final void answer(int status, String... headers) {
    call().whole(status, "", headers);
    transport.loop.run();
  }

  /** What the call that came last has in a field. */
  final String sent(String field) {
    return String.join(" | ", call().head.headers().all(field));
  }

  /** Where the call that came last went. */
  final String asked() {
    String scheme = destination().tls() == null ? "http" : "https";
    return scheme + "://" + call().head.authority() + call().head.target();
  }

  /** Which connection that was on. */
  final Destination destination() {
    return call().connection.to;
  }

  /** How many calls there were. */
  final int calls() {
    return transport.connections.stream().mapToInt(c -> c.calls.size()).sum();
  }

  static ClientException failure(CompletableFuture<?> answer) {
    assertThat(answer).isCompletedExceptionally();
    CompletionException failure =
        catchThrowableOfType(CompletionException.class, () -> answer.join());
    assertThat(failure).hasCauseInstanceOf(ClientException.class);
    return (ClientException) failure.getCause();
  }

  /** A body that says whether it can be sent again, and is only sent once if not. */
  static Body stream(boolean repeatable) {
    return new StreamedText(repeatable);
  }

  private static final class StreamedText implements Body.Producer, RepeatableBody {
    private final boolean repeatable;
    private boolean produced;

    StreamedText(boolean repeatable) {
      this.repeatable = repeatable;
    }

    @Override
    public boolean isRepeatable() {
      return repeatable;
    }

    @Override
    public void produce(BodyWriter writer) {
      assertThat(produced && !repeatable).as("produced a second time").isFalse();
      produced = true;
      writer.write(Bytes.utf8("streamed"));
      writer.end();
    }
  }
}
