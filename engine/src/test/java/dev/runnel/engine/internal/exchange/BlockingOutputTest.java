package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.LogContext;
import dev.runnel.http.Response;
import dev.runnel.testing.Answer;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class BlockingOutputTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int MEBIBYTE = 1 << 20;
  private static final String TYPE = "application/octet-stream";

  private static void untilIdle(MemoryServer server) {
    server.until(() -> server.state().blocking().active() == 0, "the thread to be free");
  }

  @Test
  void aMebibyteArrivesWholeAndInOrder() {
    byte[] content = new byte[MEBIBYTE];
    new Random(7).nextBytes(content);
    Response response =
        Response.output(
            TYPE,
            out -> {
              // Odd sizes, so that writes and buffers end in different places.
              out.write(content[0]);
              for (int at = 1; at < content.length; at += 1_001) {
                out.write(content, at, Math.min(1_001, content.length - at));
              }
            });
    try (MemoryServer server = MemoryServer.start(x -> x.respond(response))) {
      Answer answer = server.connect().send(GET).answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(content);
      untilIdle(server);
    }
  }

  @Test
  void aPeerThatVanishesFreesTheThreadWithAnIoException() {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Response response =
        Response.output(
            TYPE,
            out -> {
              try {
                while (true) {
                  out.write(new byte[1_024]);
                }
              } catch (IOException e) {
                seen.set(e);
                throw e;
              }
            });
    try (MemoryServer server = MemoryServer.start(x -> x.respond(response))) {
      MemoryPeer peer = server.connect();
      peer.send(GET);
      peer.take("200 OK");
      peer.vanish();
      untilIdle(server);
      assertThat(seen.get()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anExceptionBeforeTheFirstByteIsA500() {
    Response response =
        Response.output(
            TYPE,
            out -> {
              out.write(1); // stays in the buffer
              throw new IOException("meant to fail");
            });
    try (MemoryServer server = MemoryServer.start(x -> x.respond(response))) {
      Answer answer = server.connect().send(GET).answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("meant to fail");
      untilIdle(server);
    }
  }

  @Test
  void anExceptionAfterTheFirstByteBreaksTheAnswerOff() {
    Response response =
        Response.output(
            TYPE,
            out -> {
              out.write('x');
              out.flush();
              throw new IOException("meant to fail");
            });
    try (MemoryServer server = MemoryServer.start(x -> x.respond(response))) {
      String all = server.connect().send(GET).awaitEnd();
      assertThat(all).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
      untilIdle(server);
    }
  }

  private static byte[] user() {
    return String.valueOf(MDC.get("user")).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theThreadHasTheMdcOfTheCallAndNoOther() {
    try (MemoryServer server =
        MemoryServer.start(
            x -> {
              if (x.request().rawPath().equals("/")) {
                LogContext.put(x.request(), "user", "ada");
              }
              x.respond(Response.output(TYPE, out -> out.write(user())));
            })) {
      MemoryPeer peer = server.connect();
      assertThat(peer.send(GET).answer().body()).isEqualTo("ada");
      assertThat(peer.send(GET.replace(" / ", " /b ")).answer().body()).isEqualTo("null");
      untilIdle(server);
    }
  }
}
