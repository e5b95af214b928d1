package dev.runnel.engine.internal.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a final answer may be, and what may no longer come behind it. */
class Http1AnswerRulesTest {
  /** RFC 9110 15.2: a client would take it for a part of the body. */
  @Test
  void noContinueComesBehindTheFinalHead() {
    try (MemoryServer server = MemoryServer.start(Http1AnswerRulesTest::echo)) {
      MemoryPeer peer = server.connect();
      peer.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\nhello");
      server.run();
      Answer answer = peer.send("world").answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("helloworld");
    }
  }

  private static void echo(Exchange x) {
    BodyReader in = x.body();
    BodyWriter out = x.respond(Status.OK, Headers.EMPTY);
    pump(in, out);
  }

  private static void pump(BodyReader in, BodyWriter out) {
    for (Bytes next = in.poll(); next != null; next = in.poll()) {
      out.write(next);
    }
    if (in.ended()) {
      out.end();
    } else {
      in.onReady(() -> pump(in, out));
    }
  }

  /** Its owner has something to close, perhaps a connection to another server. */
  @Test
  void anUpgradeThatIsRefusedIsDiscarded() {
    Counted upgrade = new Counted(new AtomicInteger());
    Handler handler = x -> x.respond(Response.upgrade("other", upgrade));
    try (MemoryServer server = MemoryServer.start(handler)) {
      MemoryPeer peer = server.connect();
      assertThat(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(426);
      assertThat(upgrade.discarded).hasValue(1);
    }
  }

  @Test
  void anUpgradeWhoseHeadCannotBeMadeIsDiscarded() {
    Counted upgrade = new Counted(new AtomicInteger());
    Handler handler =
        x -> {
          boolean[] failed = new boolean[1];
          x.onHead(
              head -> {
                if (!failed[0]) {
                  failed[0] = true;
                  throw new IllegalStateException("no head");
                }
                return head;
              });
          x.respond(Response.upgrade("other", upgrade));
        };
    try (MemoryServer server = MemoryServer.start(handler)) {
      MemoryPeer peer = server.connect();
      peer.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n");
      assertThat(peer.answer().status()).isEqualTo(500);
      assertThat(upgrade.discarded).hasValue(1);
    }
  }

  private record Counted(AtomicInteger discarded) implements Body.Upgrade {
    @Override
    public void take(RawConnection connection) {
      throw new AssertionError("nobody was to take it");
    }

    @Override
    public void discard() {
      discarded.incrementAndGet();
    }
  }

  /** RFC 9110 9.3.6: the client has a tunnel from there on, whatever we take its bytes for. */
  @Test
  void a2xxStreamIsNoAnswerToConnect() {
    Handler handler = x -> x.respond(Status.OK, Headers.EMPTY).end();
    try (MemoryServer server = MemoryServer.start(handler)) {
      MemoryPeer peer = server.connect();
      peer.send("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n");
      assertThat(peer.answer().status()).isEqualTo(500);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101, 102, 103, 199})
  void anInformationalStatusIsNoFinalOne(int status) {
    for (Handler handler :
        new Handler[] {
          x -> x.respond(Response.of(status)),
          x -> x.respond(Status.of(status), Headers.EMPTY).end()
        }) {
      try (MemoryServer server = MemoryServer.start(handler)) {
        MemoryPeer peer = server.connect();
        assertThat(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(500);
      }
    }
  }

  /** Without a read nobody would notice that the client leaves. */
  @Test
  void aBodyThatIsTakenLaterMakesRoomForReading() {
    Exchange[] call = new Exchange[1];
    try (MemoryServer server =
        MemoryServer.start(
            x -> {
              call[0] = x;
              x.onCancel(cause -> call[0] = null);
            })) {
      MemoryPeer peer = server.connect();
      String large = "x".repeat(20_000);
      peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + large);
      server.run();
      call[0].loop().execute(() -> assertThat(readAll(call[0].body())).isEqualTo(20_000));
      server.run();
      peer.close();
      server.until(() -> call[0] == null, "the call to be cancelled");
    }
  }

  private static long readAll(BodyReader in) {
    long size = 0;
    for (Bytes next = in.poll(); next != null; next = in.poll()) {
      size += next.length();
    }
    return size;
  }
}
