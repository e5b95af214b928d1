package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.LogContext;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.Answer;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class BlockingOutputTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int MEBIBYTE = 1 << 20;

  /** More than the kernel takes for both ends. */
  private static final int MUCH = 64 << 20;

  private static final String TYPE = "application/octet-stream";

  private static void untilIdle(MemoryServer server) {
    server.until(
        () -> server.state().blocking().active() == 0 && server.calls() == 0,
        "the thread to be free and to have said so");
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

  /** Over TCP, because in memory whatever is written counts as taken. */
  @Test
  void aPeerThatDoesNotReadHoldsTheWriterUntilItReads() throws Exception {
    AtomicInteger written = new AtomicInteger();
    AtomicInteger active = new AtomicInteger();
    byte[] piece = new byte[64 << 10];
    Response response =
        Response.output(
            TYPE,
            out -> {
              active.incrementAndGet();
              for (int i = 0; i < MUCH; i += piece.length) {
                out.write(piece);
                written.addAndGet(piece.length);
              }
              active.decrementAndGet();
            });
    try (LiveServer server =
            LiveServer.start(
                x -> x.respond(x.request().rawPath().equals("/") ? response : Response.ok()),
                options -> options.loops(1));
        Socket peer = new Socket()) {
      peer.setReceiveBufferSize(4 << 10);
      peer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      peer.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      Eventually.until(() -> written.get() > 0, "the writer to begin");
      int held = awaitStandstill(server, written);
      assertThat(held).isLessThan(MUCH);
      assertThat(active).as("the writer").hasValue(1);

      InputStream in = peer.getInputStream();
      long taken = 0;
      byte[] buffer = new byte[64 << 10];
      while (taken < MUCH) {
        int count = in.read(buffer);
        assertThat(count).isPositive();
        taken += count;
      }
      Eventually.until(() -> active.get() == 0, "the writer to end");
      assertThat(written).hasValue(MUCH);
    }
  }

  /** How much was written when the loop turned many times and nothing moved. */
  private static int awaitStandstill(LiveServer server, AtomicInteger written) {
    try (TcpPeer other = server.connect()) {
      int last = -1;
      for (int turns = 0; turns < 50; turns++) {
        other.send(GET.replace(" / ", " /b ")).answer();
        int now = written.get();
        turns = now == last ? turns : 0;
        last = now;
      }
      return last;
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
