package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.CallOptions;
import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.Tls;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.server.Server;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one call has otherwise than its client. */
@OnTcp
class CallOptionsContractTest extends ClientContract {
  @TempDir Path directory;

  @BeforeEach
  void start() {
    start(
        r ->
            r.handle(
                Method.GET,
                "/how",
                x ->
                    x.respond(Response.ok(x.request().version() + " " + name(x.request().tls())))));
  }

  private static String name(TlsInfo tls) {
    return tls == null ? "in clear" : String.valueOf(tls.serverName());
  }

  private Request how(CallOptions options) {
    return Request.get(url("/how")).with(CallOptions.KEY, options);
  }

  private ClientTls.Builder trusting() {
    return ClientTls.builder().trust(TlsFiles.file("ca.pem"));
  }

  @Test
  void theVersion() {
    CallOptions one = CallOptions.NONE.withProtocol(Protocol.HTTP_1_1);
    CallOptions two = CallOptions.NONE.withProtocol(Protocol.HTTP_2);
    assertThat(text(how(one))).startsWith(Version.HTTP_1_1 + " ");
    assertThat(text(how(two))).startsWith(Version.HTTP_2 + " ");
    assertThat(client().stats().connections()).isEqualTo(2);
  }

  @Test
  void theProtocolsOffered() {
    if (on.isSecure()) {
      CallOptions options =
          CallOptions.NONE
              .withProtocol(Protocol.NEGOTIATED)
              .withTls(trusting().alpn("http/1.1").build());
      Response answer = fetch(how(options));
      assertThat(answer.received().version()).isEqualTo(Version.HTTP_1_1);
      assertThat(text(answer)).contains("localhost");
    }
  }

  @Test
  void whomToTrust() {
    if (on.isSecure()) {
      CallOptions options = CallOptions.NONE.withTls(ClientTls.DEFAULT);
      var error = failure(send(how(options)));
      assertThat(error.reason()).isEqualTo(Reason.TLS);
      assertThat(error.isUnprocessed()).isTrue();
      assertThat(text(how(CallOptions.NONE))).contains("localhost");
    }
  }

  @Test
  void theNameAskedFor() {
    if (on.isSecure()) {
      var error = failure(send(how(CallOptions.NONE.withServerName("exact.example.test"))));
      assertThat(error.reason()).isEqualTo(Reason.TLS);
      InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
      Request elsewhere =
          Request.get("https://elsewhere.example/how")
              .with(
                  CallOptions.KEY, CallOptions.NONE.withServerName("localhost").withAddress(here));
      assertThat(text(elsewhere)).contains("localhost");
    }
  }

  private int port() {
    return dev.runnel.http.Uri.of(url("/")).port();
  }

  @Test
  void theAddress() {
    if (!on.isSecure()) {
      InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
      Request elsewhere =
          Request.get("http://elsewhere.example/how")
              .with(CallOptions.KEY, CallOptions.NONE.withAddress(here));
      assertThat(text(elsewhere)).contains("in clear");
    }
  }

  @Test
  void ourCertificate() {
    if (!on.isSecure()) {
      return;
    }
    Tls asking =
        TlsFiles.server()
            .clientAuth(Tls.ClientAuth.REQUIRED)
            .trustPem(TlsFiles.file("ca.pem"))
            .build();
    try (Server server =
        Server.builder()
            .host("127.0.0.1")
            .port(0)
            .tls(asking)
            .handler(
                x ->
                    x.respond(
                        Response.ok(
                            String.valueOf(
                                x.request().tls().peerCertificate().getSubjectX500Principal()))))
            .start()) {
      String url = "https://localhost:" + server.port() + "/";
      ClientTls own =
          trusting().identity(TlsFiles.file("client.pem"), TlsFiles.file("client.key")).build();
      Request known = Request.get(url).with(CallOptions.KEY, CallOptions.NONE.withTls(own));
      assertThat(text(known)).isEqualTo("CN=client");
      failure(send(Request.get(url)));
      await(client().closeAsync(Duration.ZERO));
    }
  }

  @Test
  void aUnixSocket() {
    if (on.isSecure()) {
      return;
    }
    Path socket = directory.resolve("s");
    try (Server server =
        Server.builder()
            .listen(ListenAddress.unix(socket))
            .handler(x -> x.respond(Response.ok(x.request().authority())))
            .start()) {
      Request request =
          Request.get("http://named.example/")
              .with(CallOptions.KEY, CallOptions.NONE.withUnixSocket(socket));
      assertThat(text(request)).isEqualTo("named.example");
      assertThat(server.connections()).isEqualTo(1);
      await(client().closeAsync(Duration.ZERO));
    }
  }
}
