package dev.runnel.engine.internal.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.FakeLink;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TestEndpoint;
import dev.runnel.testing.VirtualLoop;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The client's end and the server's talk to each other, in any pieces. */
class Http2ClientDialogueTest {
  /** Sends back what it is sent, as it comes. */
  private record Echo(BodyReader in, BodyWriter out) {
    static void handle(Exchange exchange) {
      new Echo(exchange.body(), exchange.respond(Status.OK, Headers.of("x-by", "echo"))).pump();
    }

    private void pump() {
      for (Bytes bytes = in.poll(); bytes != null; bytes = in.poll()) {
        if (!out.write(bytes)) {
          out.onWritable(this::pump);
          return;
        }
      }
      if (in.ended()) {
        out.end(in.trailers());
      } else {
        in.onReady(this::pump);
      }
    }
  }

  /** One call, and what it is to come to. */
  private static final class Upload {
    final String text;
    final Heard heard;
    int written;
    boolean ended;
    boolean cancelled;

    Upload(String text, Heard heard) {
      this.text = text;
      this.heard = heard;
    }

    void goOn(Random random) {
      if (written < text.length()) {
        int until = Math.min(text.length(), written + 1 + random.nextInt(30_000));
        boolean unused = heard.call().output().write(Bytes.utf8(text.substring(written, until)));
        written = until;
      } else if (!ended) {
        ended = true;
        heard.call().output().end(Headers.of("x-sum", "" + text.length()));
      }
    }
  }

  private final VirtualLoop loop = new VirtualLoop();
  private final TestEndpoint endpoint =
      new TestEndpoint(Limits.DEFAULT, Timeouts.DEFAULT, Http2Options.DEFAULT.withPushes(10));
  private final ConnectionContext context =
      new ConnectionContext(
          new LoopContext(loop, endpoint, Duration.ZERO),
          InetSocketAddress.createUnresolved("server.test", 80),
          InetSocketAddress.createUnresolved("client.test", 50_000),
          false);
  private final FakeLink link = new FakeLink(context);

  private Http2Client client(int firstStream) {
    Http2Client made = new Http2Client(link, context, new Http2Loop(Limits.DEFAULT), firstStream);
    link.drive(made.machine());
    return made;
  }

  private boolean pass(MemoryServer server, MemoryPeer peer, Random random) {
    loop.run();
    byte[] out = link.take();
    if (out.length > 0) {
      peer.send(out);
    }
    server.run();
    byte[] in = peer.takeBytes();
    for (int at = 0; at < in.length; ) {
      int until = Math.min(in.length, at + 1 + random.nextInt(20_000));
      link.receive(Arrays.copyOfRange(in, at, until));
      at = until;
    }
    loop.run();
    return out.length > 0 || in.length > 0;
  }

  @Test
  void uploadsAreEchoedAsTheyCome() {
    Random random = new Random(5);
    try (MemoryServer server = MemoryServer.start(Echo::handle)) {
      MemoryPeer peer = server.connect();
      Http2Client client = client(1);
      client.machine().opened();
      List<Upload> uploads = new ArrayList<>();
      for (int round = 0; round < 3_000; round++) {
        if (uploads.size() < 150 && random.nextInt(4) == 0) {
          String text = Integer.toString(round).repeat(random.nextInt(60_000));
          Heard heard = new Heard().pumping();
          heard = begin(client, heard);
          uploads.add(new Upload(text, heard));
        }
        for (Upload upload : uploads) {
          if (!upload.cancelled && random.nextInt(3) == 0) {
            upload.goOn(random);
          }
          if (!upload.heard.isEnded() && random.nextInt(4_000) == 0) {
            upload.cancelled = true;
            upload.heard.call().cancel(new ClientException(Reason.CANCELLED, "at random"));
          }
        }
        boolean unused = pass(server, peer, random);
      }
      finish(server, peer, random, uploads);
      verify(uploads);
      client.close();
      passAll(server, peer, random);
      assertThat(link.isOutputEnded()).isTrue();
      peer.close();
      link.lose();
      loop.run();
      assertThat(link.heldBuffers()).isZero();
      assertThat(endpoint.held()).isZero();
    }
  }

  private static Heard begin(Http2Client client, Heard heard) {
    heard.begun(client.begin(ScriptedServer.head(Method.POST, "/", -1), heard));
    return heard;
  }

  private void finish(MemoryServer server, MemoryPeer peer, Random random, List<Upload> uploads) {
    boolean goesOn = true;
    for (int round = 0; goesOn && round < 100_000; round++) {
      for (Upload upload : uploads) {
        if (!upload.cancelled) {
          upload.goOn(random);
        }
      }
      goesOn = pass(server, peer, random);
    }
  }

  private static void verify(List<Upload> uploads) {
    assertThat(uploads).hasSizeGreaterThan(100);
    int whole = 0;
    for (Upload upload : uploads) {
      assertThat(upload.heard.broken()).isNull();
      assertThat(upload.heard.isEnded()).as("%s", upload.heard.told()).isTrue();
      if (!upload.cancelled) {
        whole++;
        assertThat(upload.heard.told()).containsExactly("head 200", "ended");
        assertThat(upload.heard.read()).isEqualTo(upload.text);
        assertThat(upload.heard.body().trailers().get("x-sum"))
            .isEqualTo("" + upload.text.length());
      }
    }
    assertThat(whole).isGreaterThan(50).isLessThan(uploads.size());
  }

  @Test
  void whatTheServerPromisesIsTaken() {
    Random random = new Random(1);
    try (MemoryServer server =
        MemoryServer.start(
            exchange -> {
              boolean asked = exchange.request().target().equals("/");
              boolean pushed = asked && exchange.push("/style", Headers.EMPTY);
              exchange.respond(Response.ok(pushed ? "page" : exchange.request().target()));
            })) {
      MemoryPeer peer = server.connect();
      Http2Client client = client(1);
      client.machine().opened();
      Heard page = new Heard().takingPromises();
      page.begun(client.begin(ScriptedServer.head(Method.GET, "/", 0), page));
      passAll(server, peer, random);
      assertThat(page.told()).containsExactly("promised GET /style", "head 200", "ended");
      assertThat(page.read()).isEqualTo("page");
      Heard style = page.promises().get(0);
      assertThat(style.told()).containsExactly("head 200", "ended");
      assertThat(style.read()).isEqualTo("/style");
      peer.close();
      link.lose();
      loop.run();
    }
  }

  @Test
  void aTunnelAndAServerThatStops() {
    Random random = new Random(2);
    try (MemoryServer server =
        MemoryServer.start(
            exchange ->
                exchange.respond(
                    Response.upgrade(
                        "websocket", raw -> new Echo(raw.input(), raw.output()).pump())))) {
      MemoryPeer peer = server.connect();
      Http2Client client = client(1);
      Heard early = new Heard();
      early.begun(client.begin(ScriptedServer.webSocket("/chat"), early));
      client.machine().opened();
      passAll(server, peer, random);
      assertThat(early.told()).containsExactly("upgraded 200");
      boolean unused = early.raw().output().write(Bytes.utf8("hello"));
      passAll(server, peer, random);
      assertThat(String.valueOf(early.raw().input().poll()))
          .isEqualTo(Bytes.utf8("hello").toString());
      CompletableFuture<DrainReport> stopped = server.askToStop(Duration.ofSeconds(20));
      passAll(server, peer, random);
      assertThat(client.isUsable()).isFalse();
      assertThat(early.isEnded()).isFalse();
      early.raw().output().end();
      passAll(server, peer, random);
      assertThat(early.raw().input().ended()).isTrue();
      assertThat(early.told()).containsExactly("upgraded 200", "ended");
      assertThat(link.isOutputEnded()).isTrue();
      peer.close();
      link.lose();
      server.advance(Duration.ofSeconds(3));
      assertThat(stopped).isCompleted();
    }
  }

  private void passAll(MemoryServer server, MemoryPeer peer, Random random) {
    while (pass(server, peer, random)) {
      // until both have said all
    }
  }

  @Test
  void numbersOfStreamsComeToTheirEnd() {
    Http2Client client = client(Integer.MAX_VALUE - 2);
    client.machine().opened();
    Heard first = begin(client, new Heard());
    assertThat(client.isUsable()).isTrue();
    Heard last = begin(client, new Heard());
    assertThat(client.isUsable()).isFalse();
    Heard none = begin(client, new Heard());
    loop.run();
    assertThat(none.told()).containsExactly("failed REFUSED unprocessed", "ended");
    assertThat(first.told()).isEmpty();
    assertThat(last.told()).isEmpty();
    link.lose();
    loop.run();
    assertThat(last.told()).containsExactly("failed CONNECTION_LOST", "ended");
  }
}
