package dev.runnel.engine.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsCertificate;
import dev.runnel.engine.TlsException;
import dev.runnel.http.Response;
import dev.runnel.server.LiveServer;
import dev.runnel.server.Server;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate for development: made once, kept, and good for the JDK's strict client. */
class DevCertificateTest {
  private static final InstantSource NOW = InstantSource.system();

  @TempDir Path temp;

  private Path directory() {
    return temp.resolve("state").resolve("runnel");
  }

  private X509Certificate pem() throws Exception {
    byte[] pem = Files.readAllBytes(directory().resolve(DevCertificate.PEM));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  @Test
  void itIsMadeOnceAndForTheUserOnly() throws Exception {
    TlsCertificate.Store first = DevCertificate.in(directory(), NOW).store();
    X509Certificate made = pem();
    assertThat(DevCertificate.in(directory(), NOW).store()).isEqualTo(first);
    assertThat(pem()).isEqualTo(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.file())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
    try (var files = Files.list(directory())) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(DevCertificate.STORE, DevCertificate.PEM);
    }
    assertThat(DevCertificate.fingerprint(made)).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
  }

  @Test
  void oneThatEndsSoonIsReplaced() throws Exception {
    DevCertificate.in(directory(), NOW).store();
    X509Certificate made = pem();
    InstantSource before = InstantSource.offset(NOW, Duration.ofDays(825 - 8));
    DevCertificate.in(directory(), before).store();
    assertThat(pem()).isEqualTo(made);
    InstantSource late = InstantSource.offset(NOW, Duration.ofDays(825 - 6));
    DevCertificate.in(directory(), late).store();
    assertThat(pem()).isNotEqualTo(made);
  }

  @Test
  void aBrokenOneIsNamed() throws Exception {
    Files.createDirectories(directory());
    Path broken = directory().resolve(DevCertificate.STORE);
    Files.writeString(broken, "broken");
    assertThatThrownBy(() -> DevCertificate.in(directory(), NOW).store())
        .isInstanceOf(TlsException.class)
        .hasMessageContaining(broken.toString())
        .hasMessageContaining("delete the file");
  }

  @Test
  void aClientThatTrustsItIsServedUnderAllItsNames() throws Exception {
    Tls tls = Tls.builder().certificate(new TlsCertificate.Development(directory())).build();
    DevCertificate.in(directory(), NOW).store();
    HttpClient client = HttpClient.newBuilder().sslContext(trusting(pem())).build();
    try (LiveServer server =
        LiveServer.start(
            Server.builder()
                .port(0)
                .tls(tls)
                .handler(x -> x.respond(Response.ok("hello").header("Connection", "close"))))) {
      for (String host : List.of("localhost", "127.0.0.1")) {
        URI uri = URI.create("https://" + host + ":" + server.port() + "/");
        HttpRequest request =
            HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
      }
    }
    assertThat(pem().getSubjectAlternativeNames())
        .extracting(name -> (String) name.get(1))
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  private static SSLContext trusting(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("dev", certificate);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
