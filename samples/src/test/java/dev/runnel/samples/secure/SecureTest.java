package dev.runnel.samples.secure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsCertificate;
import dev.runnel.server.Server;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples with TLS, asked by a client that trusts the development certificate only. */
class SecureTest {
  @TempDir Path directory;

  private Tls development() {
    return Tls.builder().certificate(new TlsCertificate.Development(directory)).build();
  }

  private HttpClient client() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var pem = Files.newInputStream(directory.resolve("localhost.pem"))) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      trusted.setCertificateEntry("development", certificate);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void theJavaSampleSendsEverybodyToHttps() throws Exception {
    Server server = SecureJava.start(development(), 0, 0);
    try {
      int clear = ((InetSocketAddress) server.addresses().get(1)).getPort();
      HttpResponse<String> answer = get(client(), URI.create("http://127.0.0.1:" + clear + "/"));
      assertThat(answer.uri()).isEqualTo(server.uri().resolve("/"));
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    } finally {
      server.stop(Duration.ZERO);
    }
  }

  @Test
  void theKotlinSampleTellsWhoIsThere() throws Exception {
    Server server =
        Server.builder().port(0).tls(development()).routes(SecureServiceKt.secureRoutes()).start();
    try {
      assertThat(get(client(), server.uri().resolve("/whoami")).body()).isEqualTo("nobody");
    } finally {
      server.stop(Duration.ZERO);
    }
  }
}
