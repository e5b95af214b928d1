package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.ServerStartException;
import dev.runnel.engine.Tls;
import dev.runnel.engine.Tls.ClientAuth;
import dev.runnel.engine.TlsCertificate;
import dev.runnel.http.Response;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server starts with, and what it says about what it cannot start with. */
class TlsStartTest {
  private static final String PASSWORD = TlsFiles.PASSWORD;

  private static Server.Builder server(Tls.Builder tls) {
    return Server.builder().port(0).tls(tls.build()).handler(x -> x.respond(Response.ok("hello")));
  }

  private static Tls.Builder pem(String chain, String key) {
    return Tls.builder().pem(TlsFiles.file(chain), TlsFiles.file(key));
  }

  /** Everything that a key and a chain may come in. */
  static Stream<Arguments> formats() {
    List<Arguments> all = new java.util.ArrayList<>();
    for (Tls.Engine engine : TlsCases.engines()) {
      all.add(Arguments.of("PKCS #8 EC", pem("server.pem", "server.key").engine(engine)));
      all.add(Arguments.of("SEC 1", pem("server.pem", "server.sec1.key").engine(engine)));
      all.add(Arguments.of("PKCS #8 RSA", pem("rsa.pem", "rsa.key").engine(engine)));
      all.add(Arguments.of("PKCS #1", pem("rsa.pem", "rsa.pkcs1.key").engine(engine)));
      all.add(
          Arguments.of(
              "encrypted PKCS #8",
              Tls.builder()
                  .pem(TlsFiles.file("rsa.pem"), TlsFiles.file("rsa.encrypted.key"), PASSWORD)
                  .engine(engine)));
      all.add(
          Arguments.of(
              "text",
              Tls.builder()
                  .pemText(TlsFiles.text("server.pem"), TlsFiles.text("server.key"))
                  .engine(engine)));
      all.add(
          Arguments.of(
              "encrypted text",
              Tls.builder()
                  .pemText(TlsFiles.text("rsa.pem"), TlsFiles.text("rsa.encrypted.key"), PASSWORD)
                  .engine(engine)));
      all.add(
          Arguments.of(
              "PKCS #12",
              Tls.builder().keyStore(TlsFiles.file("server.p12"), PASSWORD).engine(engine)));
      all.add(
          Arguments.of(
              "JKS", Tls.builder().keyStore(TlsFiles.file("server.jks"), PASSWORD).engine(engine)));
      all.add(
          Arguments.of(
              "alias",
              Tls.builder().keyStore(TlsFiles.file("two.p12"), PASSWORD, "server").engine(engine)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void formats(String name, Tls.Builder tls) throws Exception {
    try (LiveServer server = LiveServer.start(server(tls));
        TcpPeer peer = TcpPeer.tls(server.port(), TlsFiles.client(), socket -> {})) {
      peer.request("GET / HTTP/1.1\nHost: localhost\n\n");
      assertThat(peer.answer().body()).as(name).isEqualTo("hello");
    }
  }

  /** What is wrong, and the words that say so. */
  static final List<Arguments> ERRORS =
      List.of(
          error(
              Tls.builder().pem(Path.of("/nowhere/chain.pem"), TlsFiles.file("server.key")),
              "certificate file /nowhere/chain.pem does not exist"),
          error(
              Tls.builder().pem(TlsFiles.file("server.pem"), Path.of("/nowhere/key.pem")),
              "key file /nowhere/key.pem does not exist"),
          error(
              Tls.builder().pem(Path.of("/tmp"), TlsFiles.file("server.key")),
              "certificate file /tmp is a directory"),
          error(pem("server.key", "server.key"), "server.key holds no certificate"),
          error(pem("server.pem", "server.pem"), "server.pem holds no private key"),
          error(pem("server.pem", "wild.key"), "wild.key does not match the first certificate"),
          error(pem("server.pem", "rsa.key"), "rsa.key does not match the certificate: RSA key"),
          error(pem("server.pem", "rsa.pkcs1.key"), "rsa.pkcs1.key does not match"),
          error(pem("rsa.pem", "server.sec1.key"), "server.sec1.key"),
          error(pem("expired.pem", "expired.key"), "expired.pem: the certificate expired at 2020-"),
          error(
              pem("future.pem", "future.key"),
              "future.pem: the certificate is not valid before 2119-12-31|future.pem: the"
                  + " certificate is not valid before 2120-01-01"),
          error(pem("rsa.pem", "rsa.encrypted.key"), "rsa.encrypted.key holds an encrypted key"),
          error(
              Tls.builder()
                  .pem(TlsFiles.file("rsa.pem"), TlsFiles.file("rsa.encrypted.key"), "wrong"),
              "rsa.encrypted.key cannot be decrypted: the password is wrong"),
          error(pem("rsa.pem", "rsa.md5.key"), "rsa.md5.key holds a key encrypted in the old way"),
          error(
              Tls.builder().keyStore(TlsFiles.file("server.p12"), "wrong!"),
              "server.p12 cannot be opened: the password is wrong"),
          error(
              Tls.builder().keyStore(TlsFiles.file("server.jks"), "wrong!"),
              "server.jks cannot be opened: the password is wrong"),
          error(Tls.builder().keyStore(TlsFiles.file("server.pem"), PASSWORD), "server.pem"),
          error(
              Tls.builder().keyStore(TlsFiles.file("two.p12"), PASSWORD),
              "two.p12 holds several private keys: choose one of [client, server]"),
          error(
              Tls.builder().keyStore(TlsFiles.file("two.p12"), PASSWORD, "nobody"),
              "two.p12 holds no private key under 'nobody', but under [client, server]"),
          error(
              Tls.builder().keyStore(TlsFiles.file("trust.p12"), PASSWORD),
              "trust.p12 holds no private key"),
          error(
              TlsFiles.server().clientAuth(ClientAuth.WANTED).trustPem(Path.of("/nowhere/ca.pem")),
              "trusted certificates in /nowhere/ca.pem: it does not exist"),
          error(
              TlsFiles.server()
                  .clientAuth(ClientAuth.WANTED)
                  .trustStore(TlsFiles.file("trust.p12"), "wrong!"),
              "trust.p12: it cannot be opened: the password is wrong"),
          error(
              Tls.builder().pemText("nothing", TlsFiles.text("server.key")),
              "PEM text of the certificate holds no certificate"));

  private static Arguments error(Tls.Builder tls, String message) {
    return Arguments.of(message, tls);
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("ERRORS")
  void errorsNameFileAndReason(String messages, Tls.Builder tls) {
    assertThatThrownBy(() -> server(tls).start())
        .isInstanceOf(ServerStartException.class)
        .satisfies(
            e -> {
              assertThat(List.of(messages.split("\\|")))
                  .as(e.getMessage())
                  .anyMatch(m -> e.getMessage().contains(m));
              assertThat(e.getMessage()).doesNotContain("\n").doesNotContain(PASSWORD, "wrong!");
            });
  }

  @Test
  void anUnreadableFileIsNamed(@TempDir Path directory) throws IOException {
    Path key = directory.resolve("secret.key");
    Files.writeString(key, TlsFiles.text("server.key"));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        key.toFile().setReadable(false) && !Files.isReadable(key), "root reads everything");
    assertThatThrownBy(() -> server(Tls.builder().pem(TlsFiles.file("server.pem"), key)).start())
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining(key + " may not be read by this user");
  }

  @Test
  void brokenPemIsNamed(@TempDir Path directory) throws IOException {
    Path broken = directory.resolve("broken.pem");
    Files.writeString(broken, "-----BEGIN CERTIFICATE-----\nMIIB!!!!\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> server(Tls.builder().pem(broken, TlsFiles.file("server.key"))).start())
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining(broken + " holds broken PEM under CERTIFICATE");
  }

  @Test
  void descriptionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Tls.builder().build()).hasMessageContaining("needs a certificate");
    assertThatThrownBy(() -> TlsFiles.server().clientAuth(ClientAuth.REQUIRED).build())
        .hasMessageContaining("trustPem");
    assertThatThrownBy(() -> TlsFiles.server().trustPem(TlsFiles.file("ca.pem")).build())
        .hasMessageContaining("clientAuth");
    assertThatThrownBy(() -> TlsFiles.server().alpn("spdy/3")).hasMessageContaining("[spdy/3]");
    assertThatThrownBy(
            () ->
                server(TlsFiles.server())
                    .listen(
                        dev.runnel.engine.ListenAddress.tcp("127.0.0.1", 0)
                            .withTls(TlsFiles.server().build())
                            .redirectingToHttps()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingSecretIsShown() {
    assertThat(
            new TlsCertificate.PemText("chain", "key text", PASSWORD)
                + " "
                + new TlsCertificate.Store(Path.of("a"), PASSWORD, "b")
                + " "
                + new TlsCertificate.PemFiles(Path.of("a"), Path.of("b"), PASSWORD))
        .doesNotContain(PASSWORD, "key text");
  }
}
