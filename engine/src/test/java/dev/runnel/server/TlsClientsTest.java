package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Handler;
import dev.runnel.engine.Tls;
import dev.runnel.engine.Tls.ClientAuth;
import dev.runnel.engine.Tls.Profile;
import dev.runnel.http.Response;
import dev.runnel.http.TlsInfo;
import dev.runnel.server.TlsCases.Case;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients ask TLS for, and what they show. */
class TlsClientsTest {
  private static final String CASES = "dev.runnel.server.TlsCases#all";
  private static final String ENGINES = "dev.runnel.server.TlsCases#engines";

  /** Answers with the subject of the client's certificate. */
  private static final Handler WHO =
      x -> {
        TlsInfo tls = x.request().tls();
        X509Certificate peer = tls.peerCertificate();
        x.respond(Response.ok(peer == null ? "nobody" : peer.getSubjectX500Principal().getName()));
      };

  private static LiveServer start(Tls.Builder tls) {
    return LiveServer.start(Server.builder().port(0).tls(tls.build()).handler(WHO));
  }

  private static LiveServer start(Case on, Tls.Builder tls) {
    return LiveServer.start(
        Server.builder()
            .port(0)
            .tls(tls.engine(on.engine()).build())
            .handler(WHO)
            .options(o -> o.transport(on.transport())));
  }

  private static String ask(TcpPeer peer) {
    return peer.request("GET / HTTP/1.1\nHost: localhost\n\n").answer().body();
  }

  private static TcpPeer connect(Case on, LiveServer server, SSLContext client) throws IOException {
    return TcpPeer.tls(
        server.port(), client, socket -> socket.setEnabledProtocols(new String[] {on.version()}));
  }

  // --- certificates of clients ---

  @ParameterizedTest
  @MethodSource(CASES)
  void aRequiredCertificateIsSeenByTheHandler(Case on) throws Exception {
    Tls.Builder tls =
        TlsFiles.server().clientAuth(ClientAuth.REQUIRED).trustPem(TlsFiles.file("ca.pem"));
    try (LiveServer server = start(on, tls);
        TcpPeer peer = connect(on, server, TlsFiles.client("client.p12"))) {
      assertThat(ask(peer)).isEqualTo("CN=client");
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void whoHasNoneDoesNotGetInWhereItIsRequired(Case on) throws Exception {
    Tls.Builder tls =
        TlsFiles.server()
            .clientAuth(ClientAuth.REQUIRED)
            .trustStore(TlsFiles.file("trust.p12"), TlsFiles.PASSWORD);
    try (LiveServer server = start(on, tls)) {
      getsNoAnswer(on, server, TlsFiles.client());
      getsNoAnswer(on, server, TlsFiles.client("stranger.p12"));
    }
  }

  /** In TLS 1.3 the client's handshake is over before the server has seen its certificate. */
  private static void getsNoAnswer(Case on, LiveServer server, SSLContext client) {
    assertThatThrownBy(
            () -> {
              try (TcpPeer peer = connect(on, server, client)) {
                ask(peer);
              }
            })
        .isInstanceOfAny(IOException.class, UncheckedIOException.class, AssertionError.class)
        .hasMessageNotContaining("CN=");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aWantedCertificateMayBeMissingButNotUntrusted(Case on) throws Exception {
    Tls.Builder tls =
        TlsFiles.server().clientAuth(ClientAuth.WANTED).trustPemText(TlsFiles.text("ca.pem"));
    try (LiveServer server = start(on, tls)) {
      try (TcpPeer peer = connect(on, server, TlsFiles.client())) {
        assertThat(ask(peer)).isEqualTo("nobody");
      }
      try (TcpPeer peer = connect(on, server, TlsFiles.client("client.p12"))) {
        assertThat(ask(peer)).isEqualTo("CN=client");
      }
    }
  }

  // --- sessions ---

  /** Counts the certificates it was shown: none comes with a resumed session. */
  private static final class Counting implements X509TrustManager {
    private final AtomicInteger shown = new AtomicInteger();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new AssertionError("this is a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      shown.incrementAndGet();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }

    SSLContext client() throws Exception {
      SSLContext client = SSLContext.getInstance("TLS");
      client.init(null, new TrustManager[] {this}, null);
      return client;
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aSecondHandshakeResumesTheFirstOnesSession(Case on) throws Exception {
    Counting trust = new Counting();
    SSLContext client = trust.client();
    try (LiveServer server = start(on, TlsFiles.server())) {
      for (int i = 0; i < 3; i++) {
        try (TcpPeer peer = connect(on, server, client)) {
          assertThat(ask(peer)).isEqualTo("nobody"); // tickets of TLS 1.3 come before the answer
        }
      }
    }
    assertThat(trust.shown).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aResumedSessionStillHasTheClientsCertificate(Case on) throws Exception {
    SSLContext client = TlsFiles.client("client.p12");
    Tls.Builder tls =
        TlsFiles.server().clientAuth(ClientAuth.REQUIRED).trustPem(TlsFiles.file("ca.pem"));
    try (LiveServer server = start(on, tls)) {
      for (int i = 0; i < 2; i++) {
        try (TcpPeer peer = connect(on, server, client)) {
          assertThat(ask(peer)).isEqualTo("CN=client");
        }
      }
    }
  }

  // --- names ---

  @ParameterizedTest
  @CsvSource({
    "localhost,server",
    "exact.example.test,wild",
    "EXACT.example.test,wild",
    "a.wild.test,wild",
    "A.Wild.Test,wild",
    "wild.test,server",
    "a.b.wild.test,server",
    "rsa.example.test,rsa",
    "other.example.test,server",
  })
  void theNameChoosesTheCertificate(String name, String expected) throws Exception {
    for (Tls.Engine engine : TlsCases.engines()) {
      Tls.Builder tls =
          TlsFiles.server()
              .pem(TlsFiles.file("wild.pem"), TlsFiles.file("wild.key"))
              .pem(TlsFiles.file("rsa.pem"), TlsFiles.file("rsa.key"))
              .engine(engine);
      try (LiveServer server = start(tls);
          TcpPeer peer = TcpPeer.tls(server.port(), TlsFiles.client(), s -> ask(s, name))) {
        assertThat(subject(peer)).isEqualTo("CN=" + expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void withoutANameItIsTheFirstOne(Tls.Engine engine) throws Exception {
    Tls.Builder tls =
        Tls.builder()
            .pem(TlsFiles.file("wild.pem"), TlsFiles.file("wild.key"))
            .pem(TlsFiles.file("server.pem"), TlsFiles.file("server.key"))
            .engine(engine);
    try (LiveServer server = start(tls);
        TcpPeer peer = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
      assertThat(subject(peer)).isEqualTo("CN=wild");
    }
  }

  private static void ask(SSLSocket socket, String name) {
    SSLParameters set = socket.getSSLParameters();
    set.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(set);
  }

  private static String subject(TcpPeer peer) throws SSLPeerUnverifiedException {
    return ((X509Certificate) peer.tls().getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }

  // --- versions, ciphers, protocols ---

  @ParameterizedTest
  @MethodSource(ENGINES)
  void theModernProfileIsTls13Only(Tls.Engine engine) throws Exception {
    try (LiveServer server = start(TlsFiles.server().engine(engine).profile(Profile.MODERN))) {
      assertThat(agrees(server, "TLSv1.3", null)).isTrue();
      assertThat(agrees(server, "TLSv1.2", null)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void theIntermediateProfileHasNoWeakCiphers(Tls.Engine engine) throws Exception {
    Tls.Builder tls =
        Tls.builder().pem(TlsFiles.file("rsa.pem"), TlsFiles.file("rsa.key")).engine(engine);
    try (LiveServer server = start(tls)) {
      for (String good :
          List.of(
              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")) {
        assertThat(agrees(server, "TLSv1.2", good)).as(good).isTrue();
      }
      for (String bad :
          List.of(
              "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
              "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_RSA_WITH_AES_128_GCM_SHA256")) {
        assertThat(agrees(server, "TLSv1.2", bad)).as(bad).isFalse();
      }
    }
  }

  private static boolean agrees(LiveServer server, String version, String cipher) {
    try (TcpPeer peer =
        TcpPeer.tls(
            server.port(),
            TlsFiles.client(),
            socket -> {
              socket.setEnabledProtocols(new String[] {version});
              if (cipher != null) {
                socket.setEnabledCipherSuites(new String[] {cipher});
              }
            })) {
      return ask(peer).equals("nobody");
    } catch (IOException e) {
      return false; // that is the question
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void alpnTakesWhatIsOffered(Tls.Engine engine) throws Exception {
    try (LiveServer server = start(TlsFiles.server().engine(engine).alpn("http/1.1"))) {
      assertThat(alpn(server, "h2", "http/1.1")).isEqualTo("http/1.1");
      assertThat(alpn(server, "http/1.1")).isEqualTo("http/1.1");
      assertThat(alpn(server, "acme-tls/1")).as("nothing in common").isEmpty();
    }
  }

  private static String alpn(LiveServer server, String... offered) throws IOException {
    try (TcpPeer peer =
        TcpPeer.tls(
            server.port(),
            TlsFiles.client(),
            socket -> {
              SSLParameters set = socket.getSSLParameters();
              set.setApplicationProtocols(offered);
              socket.setSSLParameters(set);
            })) {
      assertThat(ask(peer)).isEqualTo("nobody");
      return peer.tls().getApplicationProtocol();
    }
  }
}
