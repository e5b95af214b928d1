package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.http.Response;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a handler sees of the URL that was asked for, and may do to a call from where. */
class RequestUriTest {
  /** A target in absolute form is no path (RFC 9112 3.2.2). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /b?c=%20d HTTP/1.1 | h:81 | 200 http://h:81/b?c=%20d",
        "GET http://a.example/b HTTP/1.1 | h | 200 http://a.example/b",
        "GET http://a.example:8080/b?c HTTP/1.1 | h | 200 http://a.example:8080/b?c",
        "GET http://a.example?c HTTP/1.1 | h | 200 http://a.example/?c",
        "GET / HTTP/1.1 | a!b | 400",
        "GET / HTTP/1.1 | 1.2.3 | 400",
        "OPTIONS * HTTP/1.1 | h | 400",
      })
  void isThatOfTheTarget(String line, String host, String seen) {
    try (MemoryServer server =
            MemoryServer.start(x -> x.respond(Response.ok(x.request().uri().toString())));
        MemoryPeer peer = server.connect()) {
      var answer = peer.request(line + "\nHost: " + host + "\n\n").answer();
      String body = answer.status() == 200 ? " " + answer.body() : "";
      assertThat(answer.status() + body).isEqualTo(seen);
    }
  }

  @Test
  void aCallIsCancelledOnItsLoop() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    try (MemoryServer server =
            MemoryServer.start(
                x -> {
                  Thread other =
                      new Thread(
                          () -> {
                            try {
                              x.cancel(CancelCause.TIMEOUT);
                              thrown.complete(null);
                            } catch (Throwable e) {
                              thrown.complete(e);
                            }
                          });
                  other.start();
                  other.join();
                  x.respond(Response.ok("still here"));
                });
        MemoryPeer peer = server.connect()) {
      assertThat(peer.request("GET / HTTP/1.1\nHost: h\n\n").answer().body())
          .isEqualTo("still here");
      assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    }
  }
}
