package dev.runnel.conformance.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.client.ProxyChoice;
import dev.runnel.conformance.contract.Logs;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.testing.Leaks;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.ClientTls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

/**
 * A client for one test. Closing it is the leak check: no call may be left, then no buffer, and
 * nothing was logged that somebody should have looked at.
 */
final class Caller implements AutoCloseable {
  private final Leaks leaks = new Leaks();
  private final Logs logs = new Logs();
  private final Client client;

  Caller(Way way, UnaryOperator<ClientBuilder> edit) {
    ClientBuilder builder =
        Client.builder()
            .protocol(way.protocol)
            .proxies(ProxyChoice.NONE)
            .tls(ClientTls.builder().trust(TlsFiles.file("ca.pem")).build());
    client = edit.apply(builder).build();
  }

  Caller(Way way) {
    this(way, builder -> builder);
  }

  Client client() {
    return client;
  }

  Response fetch(Request request) {
    return await(client.send(request));
  }

  Response get(String uri) {
    return fetch(Request.get(uri));
  }

  /** The status of an answer, whose content is read and forgotten. */
  int status(Request request) {
    Response answer = fetch(request);
    await(answer.content().bytesAsync().toCompletableFuture());
    return answer.status().code();
  }

  String text(String uri) {
    return get(uri).content().text();
  }

  /** What the future comes to, in bounded time; an exception as it is. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return Eventually.get(future, "the call to end");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("waited in vain", e);
    }
  }

  @Override
  public void close() {
    try {
      Eventually.until(
          () -> client.stats().calls() == 0 && client.stats().waiting() == 0,
          () -> "calls to end: " + client.stats());
    } finally {
      client.close();
      logs.close();
    }
    assertThat(logs.complaints()).as("logged").isEmpty();
    Eventually.until(() -> leaks.left().isEmpty(), () -> "buffers held: " + leaks.left());
  }
}
