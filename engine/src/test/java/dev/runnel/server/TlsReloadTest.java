package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsException;
import dev.runnel.http.Response;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Certificates that are renewed while the server runs. */
class TlsReloadTest {
  private static final String ENGINES = "dev.runnel.server.TlsCases#engines";
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("runnel.server");

  @TempDir Path directory;
  private Path chain;
  private Path key;

  @BeforeEach
  void install() throws IOException {
    chain = directory.resolve("chain.pem");
    key = directory.resolve("key.pem");
    put("server");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void detach() {
    logger.detachAppender(log);
  }

  private void put(String name) throws IOException {
    Files.copy(TlsFiles.file(name + ".pem"), chain, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(TlsFiles.file(name + ".key"), key, StandardCopyOption.REPLACE_EXISTING);
  }

  private Tls tls(Tls.Engine engine) {
    return Tls.builder().pem(chain, key).engine(engine).build();
  }

  private List<String> errors() {
    return log.list.stream()
        .filter(e -> e.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static String subject(SSLSession session) {
    try {
      return ((X509Certificate) session.getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    } catch (SSLPeerUnverifiedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aCallReloads(Tls.Engine engine) throws Exception {
    try (LiveServer server =
            LiveServer.start(
                Server.builder()
                    .port(0)
                    .tls(tls(engine))
                    .handler(x -> x.respond(Response.ok("hello"))));
        TcpPeer old = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
      put("wild");
      server.server().reloadTls();
      try (TcpPeer fresh = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
        assertThat(subject(fresh.tls().getSession())).isEqualTo("CN=wild");
      }
      assertThat(subject(old.tls().getSession())).isEqualTo("CN=server");
      old.request("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(old.answer().body()).as("over the old connection").isEqualTo("hello");

      Files.writeString(key, "nothing");
      assertThatThrownBy(() -> server.server().reloadTls())
          .isInstanceOf(TlsException.class)
          .hasMessageContaining(key + " holds no private key");
      try (TcpPeer fresh = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
        assertThat(subject(fresh.tls().getSession())).isEqualTo("CN=wild");
      }
    }
  }

  private static String subject(MemoryServer server) {
    SSLEngine client = TlsFiles.client().createSSLEngine("localhost", 443);
    client.setUseClientMode(true);
    try (MemoryPeer peer = server.connect(client)) {
      return subject(peer.session());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aChangeOfFilesReloadsWhenItHasStoodStill(Tls.Engine engine) throws Exception {
    try (MemoryServer server =
        MemoryServer.start(x -> x.respond(Response.ok("hello")), tls(engine), o -> {})) {
      assertThat(subject(server)).isEqualTo("CN=server");
      put("wild");
      server.advance(LOOK);
      awaitLook(server);
      assertThat(subject(server)).as("after one look").isEqualTo("CN=server");
      server.advance(LOOK);
      server.until(() -> subject(server).equals("CN=wild"), "the new certificate");
    }
    assertThat(errors()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whatCannotBeReadIsToldOnceAndChangesNothing(Tls.Engine engine) throws Exception {
    try (MemoryServer server =
        MemoryServer.start(x -> x.respond(Response.ok("hello")), tls(engine), o -> {})) {
      Files.copy(
          TlsFiles.file("wild.key"), key, StandardCopyOption.REPLACE_EXISTING); // not the chain
      for (int i = 0; i < 5; i++) {
        server.advance(LOOK);
        awaitLook(server);
      }
      assertThat(errors()).hasSize(1);
      assertThat(errors().get(0)).contains(key + " does not match");
      assertThat(subject(server)).isEqualTo("CN=server");
      Files.copy(TlsFiles.file("wild.pem"), chain, StandardCopyOption.REPLACE_EXISTING);
      server.advance(LOOK);
      awaitLook(server);
      server.advance(LOOK);
      server.until(() -> subject(server).equals("CN=wild"), "the new certificate");
    }
    assertThat(errors()).hasSize(1);
  }

  /** A look happens on a thread that may block; until it has ended there is no next one. */
  private static void awaitLook(MemoryServer server) {
    server.until(() -> server.state().blocking().active() == 0, "the look to end");
  }
}
