package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.CallOptions;
import dev.runnel.client.StatusException;
import dev.runnel.client.Upgraded;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.Destination.Protocol;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that speak another protocol, in clear bytes. */
@EveryGround
class UpgradeContractTest extends ClientContract {
  @BeforeEach
  void start() {
    start(this::declare);
  }

  private void declare(RouteBuilder r) {
    for (Method method : new Method[] {Method.GET, Method.CONNECT}) {
      r.handle(method, "/echo", x -> x.respond(Response.upgrade("echo", echo())));
      r.handle(method, "/no", x -> x.respond(Response.of(403).text("not you")));
    }
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
  }

  private Body.Upgrade echo() {
    return raw -> pump(raw.input(), raw.output(), () -> witness.note("ended"));
  }

  private static void pump(BodyReader in, BodyWriter out, Runnable ended) {
    for (Bytes bytes = in.poll(); bytes != null; bytes = in.poll()) {
      if (!out.write(bytes)) {
        out.onWritable(() -> pump(in, out, ended));
        return;
      }
    }
    if (in.ended()) {
      ended.run();
      out.end();
    } else {
      in.onReady(() -> pump(in, out, ended));
    }
  }

  private CompletableFuture<Upgraded> upgrade(String path) {
    Protocol protocol = on.isHttp2() ? Protocol.HTTP_2 : Protocol.HTTP_1_1;
    Request request =
        Request.get(url(path)).with(CallOptions.KEY, CallOptions.NONE.withProtocol(protocol));
    CompletableFuture<Upgraded> result =
        client().upgrade(request, "echo", version -> Headers.of("X-Mine", "1"));
    ground().run();
    return result;
  }

  private static void collect(
      BodyReader in, StringBuilder into, int length, Consumer<String> done) {
    for (Bytes bytes = in.poll(); bytes != null; bytes = in.poll()) {
      into.append(bytes.utf8());
    }
    if (into.length() >= length || in.ended()) {
      done.accept(into.toString());
    } else {
      in.onReady(() -> collect(in, into, length, done));
    }
  }

  @Test
  void bytesBothWays() {
    Upgraded upgraded = await(upgrade("/echo"));
    assertThat(upgraded.head().status().code()).isEqualTo(on.isHttp2() ? 200 : 101);
    assertThat(upgraded.received().version()).isEqualTo(on.wire().version);
    CompletableFuture<String> came = new CompletableFuture<>();
    RawConnection raw = upgraded.connection();
    upgraded
        .loop()
        .execute(
            () -> {
              collect(raw.input(), new StringBuilder(), "over and over".length(), came::complete);
              raw.output().write(Bytes.utf8("over and "));
              raw.output().write(Bytes.utf8("over"));
            });
    assertThat(await(came)).isEqualTo("over and over");
    // Behind the echo: neither memory nor TLS in the JDK has halves to close for HTTP/1.1.
    upgraded.loop().execute(() -> raw.output().end());
    ground().until(() -> ground().calls() == 0, "the server to be done");
    upgraded.loop().execute(raw::close);
    ground().until(() -> client().stats().calls() == 0, "the connection to be over");
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }

  @Test
  void anotherAnswer() {
    var error = failure(upgrade("/no"));
    assertThat(error.reason()).isEqualTo(Reason.NOT_UPGRADED);
    assertThat(error.getCause()).isInstanceOf(StatusException.class).hasMessageContaining("403");
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }

  @Test
  void anOrdinaryAnswerIsNoUpgrade() {
    var error = failure(upgrade("/text"));
    assertThat(error.reason()).isEqualTo(Reason.NOT_UPGRADED);
  }

  @Test
  void resetIsSeenByTheServer() {
    Upgraded upgraded = await(upgrade("/echo"));
    upgraded.loop().execute(upgraded.connection()::reset);
    ground().until(() -> ground().calls() == 0, "the server to see the end");
  }
}
