package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsTrust;
import dev.runnel.engine.internal.netty.RawServer.After;
import dev.runnel.engine.internal.netty.RawServer.Echo;
import dev.runnel.engine.internal.tls.TlsFailures;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.server.Eventually;
import dev.runnel.server.LeakCheck;
import dev.runnel.server.TlsCases;
import dev.runnel.server.TransportCases;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Proxy;
import dev.runnel.transport.TransportOptions;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS of a dial against servers of all kinds, with each engine on each transport. */
class DialTlsTest {
  private static final String CASES = "cases";

  /** What the client speaks TLS with, and on what. */
  private record On(Tls.Engine engine, Transport transport) {}

  static Stream<On> cases() {
    List<On> all = new ArrayList<>();
    for (Tls.Engine engine : TlsCases.engines()) {
      for (Transport transport : TransportCases.loaded()) {
        all.add(new On(engine, transport));
      }
    }
    return all.stream();
  }

  private final LeakCheck leaks = new LeakCheck();
  private NettyClient client;
  private RawServer server;

  @AfterEach
  void nothingIsLeft() {
    if (client != null) {
      client.close();
      assertThat(client.connections()).isZero();
    }
    if (server != null) {
      serverIsLeft();
    }
    leaks.verify();
  }

  private void serverIsLeft() {
    Eventually.until(() -> server.isQuiet(), "the server's connections to close");
    server.close();
    server = null;
  }

  private static ClientTls.Builder trusting(On on) {
    return ClientTls.builder().engine(on.engine).trust(TlsFiles.file("ca.pem"));
  }

  private static SslContextBuilder certificate(String name) throws SSLException {
    return SslContextBuilder.forServer(
            TlsFiles.file(name + ".pem").toFile(), TlsFiles.file(name + ".key").toFile())
        .sslProvider(SslProvider.JDK);
  }

  private static ApplicationProtocolConfig alpn(SelectorFailureBehavior none, String... names) {
    return new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN,
        none,
        SelectedListenerFailureBehavior.ACCEPT,
        names);
  }

  private void serve(SslContextBuilder with) throws SSLException {
    SslContext context = with.build();
    raw(p -> p.addLast(context.newHandler(p.channel().alloc()), new Echo()));
  }

  private void raw(Consumer<ChannelPipeline> setUp) {
    server = new RawServer(setUp);
  }

  private Dialled dial(On on, ClientTls tls, String name, Protocol protocol) {
    return dial(
        on,
        new Destination("a.test", server.port(), server.address(), tls, name, protocol, null),
        Times.DEFAULT);
  }

  private Dialled dial(On on, ClientTls tls, String name) {
    return dial(on, tls, name, Protocol.NEGOTIATED);
  }

  private Dialled dial(On on, Destination to, Times times) {
    if (client == null) {
      client =
          NettyClient.open(
              TransportOptions.DEFAULT, ClientKit.of(on.transport, 1), BareMachine::make);
    }
    Dialled dialled = Dialled.of(client, to, times);
    Eventually.until(dialled::isOver, "the dial to end");
    return dialled;
  }

  private static BareMachine opened(Dialled dialled) {
    assertThat(dialled.error).isNull();
    dialled.machine.send("hello");
    Eventually.until(() -> dialled.machine.text().equals("hello"), "the echo");
    return dialled.machine;
  }

  private static void failed(Dialled dialled, Reason reason, String... words) {
    assertThat(dialled.machine).isNull();
    assertThat(dialled.error).hasMessageContainingAll(words);
    assertThat(dialled.error.reason()).isEqualTo(reason);
    assertThat(dialled.error.isUnprocessed()).isTrue();
    assertThat(dialled.log).hasSize(1);
  }

  private SslHandler ofServer() {
    return server.accepted().get(server.accepted().size() - 1).pipeline().get(SslHandler.class);
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void whatWasAgreedOnIsTold(On on) throws Exception {
    serve(certificate("server"));
    BareMachine machine = opened(dial(on, trusting(on).build(), "localhost"));
    TlsInfo info = machine.tls();
    assertThat(info.protocol()).isEqualTo("TLSv1.3");
    assertThat(info.cipher()).startsWith("TLS_");
    assertThat(info.serverName()).isEqualTo("localhost");
    assertThat(info.alpn()).isNull();
    assertThat(info.peerCertificate().getSubjectX500Principal().getName()).isEqualTo("CN=server");
    assertThat(machine.version()).isEqualTo(Version.HTTP_1_1);
    ExtendedSSLSession session = (ExtendedSSLSession) ofServer().engine().getSession();
    assertThat(session.getRequestedServerNames().toString()).contains("localhost");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void addressesAreLookedForAmongTheNamesAndNotAskedFor(On on) throws Exception {
    serve(certificate("server"));
    for (String address : List.of("127.0.0.1", "::1")) {
      assertThat(opened(dial(on, trusting(on).build(), address)).tls().serverName()).isNull();
      ExtendedSSLSession session = (ExtendedSSLSession) ofServer().engine().getSession();
      assertThat(session.getRequestedServerNames()).isEmpty();
    }
    failed(
        dial(on, trusting(on).build(), "127.0.0.2"),
        Reason.TLS,
        "is for localhost, 127.0.0.1, 0:0:0:0:0:0:0:1, not for 127.0.0.2");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void namesMayHaveWildcardsAndADotAtTheEnd(On on) throws Exception {
    serve(certificate("wild"));
    for (String name : List.of("exact.example.test", "a.wild.test", "exact.example.test.")) {
      opened(dial(on, trusting(on).build(), name));
    }
    failed(
        dial(on, trusting(on).build(), "under_score.wild.test"),
        Reason.TLS,
        "no certificate can be for the name 'under_score.wild.test'");
    for (String name : List.of("example.test", "a.b.wild.test", "wild.test", "localhost")) {
      failed(
          dial(on, trusting(on).build(), name),
          Reason.TLS,
          "is for exact.example.test, *.wild.test, not for " + name);
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void whoeverIsNotVouchedForIsNotTrusted(On on) throws Exception {
    serve(certificate("server"));
    ClientTls jdk = ClientTls.builder().engine(on.engine).build();
    failed(
        dial(on, jdk, "localhost"),
        Reason.TLS,
        "TLS with a.test:" + server.port(),
        "signed by nobody that is trusted here; its issuer is CN=Runnel test ca",
        "trust(file)");
    ClientTls other =
        ClientTls.builder().engine(on.engine).trust(TlsFiles.file("expired.pem")).build();
    failed(dial(on, other, "localhost"), Reason.TLS, "not in the trust that was set");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void certificatesHaveTheirTime(On on) throws Exception {
    serve(certificate("expired"));
    ClientTls trusted =
        ClientTls.builder().engine(on.engine).trust(TlsFiles.file("expired.pem")).build();
    failed(dial(on, trusted, "localhost"), Reason.TLS, "CN=expired", "has expired, at 2020-01-1");
    opened(
        dial(
            on,
            ClientTls.builder().engine(on.engine).trustAnybodyInsecurely().build(),
            "whoever.test"));
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void certificatesOfTheFutureAreNotValidYet(On on) throws Exception {
    serve(certificate("future"));
    ClientTls trusted =
        ClientTls.builder().engine(on.engine).trust(TlsFiles.file("future.pem")).build();
    failed(dial(on, trusted, "localhost"), Reason.TLS, "not valid before 21", "clock right?");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void alpnChoosesTheVersion(On on) throws Exception {
    serve(
        certificate("server")
            .applicationProtocolConfig(
                alpn(SelectorFailureBehavior.NO_ADVERTISE, "h2", "http/1.1")));
    assertThat(opened(dial(on, trusting(on).build(), "localhost")).version())
        .isEqualTo(Version.HTTP_2);
    assertThat(opened(dial(on, trusting(on).build(), "localhost", Protocol.HTTP_1_1)).tls().alpn())
        .isEqualTo("http/1.1");
    assertThat(opened(dial(on, trusting(on).build(), "localhost", Protocol.HTTP_2)).version())
        .isEqualTo(Version.HTTP_2);
    assertThat(opened(dial(on, trusting(on).alpn("http/1.1").build(), "localhost")).version())
        .isEqualTo(Version.HTTP_1_1);
    assertThat(opened(dial(on, trusting(on).alpn().build(), "localhost")).tls().alpn()).isNull();
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aServerWithoutAlpnSpeaksHttp1(On on) throws Exception {
    serve(certificate("server"));
    assertThat(opened(dial(on, trusting(on).build(), "localhost")).version())
        .isEqualTo(Version.HTTP_1_1);
    failed(
        dial(on, trusting(on).build(), "localhost", Protocol.HTTP_2),
        Reason.TLS,
        "did not agree on h2");
    failed(dial(on, trusting(on).alpn("h2").build(), "localhost"), Reason.TLS, "agree on h2");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aServerThatInsistsOnAnotherProtocolSaysSo(On on) throws Exception {
    serve(
        certificate("server")
            .applicationProtocolConfig(alpn(SelectorFailureBehavior.FATAL_ALERT, "http/1.1")));
    failed(
        dial(on, trusting(on).build(), "localhost", Protocol.HTTP_2),
        Reason.TLS,
        "alert no_application_protocol (it speaks none of the protocols");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void versionsMustMeet(On on) throws Exception {
    serve(certificate("server").protocols("TLSv1.2"));
    assertThat(opened(dial(on, trusting(on).build(), "localhost")).tls().protocol())
        .isEqualTo("TLSv1.2");
    failed(
        dial(on, trusting(on).profile(Tls.Profile.MODERN).build(), "localhost"),
        Reason.TLS,
        "alert protocol_version (no version of TLS in common)");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aServerMayWantOurCertificate(On on) throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      serve(
          certificate("server")
              .protocols(version)
              .clientAuth(ClientAuth.REQUIRE)
              .trustManager(TlsFiles.file("ca.pem").toFile()));
      ClientTls known =
          trusting(on).identity(TlsFiles.file("client.pem"), TlsFiles.file("client.key")).build();
      opened(dial(on, known, "localhost"));
      assertThat(ofServer().engine().getSession().getPeerPrincipal().getName())
          .isEqualTo("CN=client");
      Dialled nobody = dial(on, trusting(on).build(), "localhost");
      if (version.equals("TLSv1.2")) {
        failed(nobody, Reason.TLS, "the server sent the alert ", "certificate");
      } else {
        // The handshake is over for us before the server looks at what we showed (RFC 8446 4.4.2).
        Eventually.until(() -> nobody.log.contains("closed"), "the server to say no");
        assertThat(nobody.machine.loss().refused()).isTrue();
        assertThat(nobody.machine.loss().words()).contains("certificate");
      }
      client.close();
      client = null;
      serverIsLeft();
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void sessionsAreResumed(On on) throws Exception {
    serve(certificate("server").protocols("TLSv1.2"));
    ClientTls tls = trusting(on).build();
    opened(dial(on, tls, "localhost"));
    long created = ofServer().engine().getSession().getCreationTime();
    Eventually.until(() -> System.currentTimeMillis() > created, "another time");
    BareMachine again = opened(dial(on, tls, "localhost"));
    assertThat(ofServer().engine().getSession().getCreationTime()).isEqualTo(created);
    assertThat(again.tls().peerCertificates()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aServerThatSpeaksNoTlsIsNamed(On on) throws Exception {
    raw(
        p ->
            p.addLast(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ReferenceCountUtil.release(message);
                    ctx.writeAndFlush(
                        Unpooled.copiedBuffer(
                            "HTTP/1.1 400 Bad Request\r\n\r\n", StandardCharsets.US_ASCII));
                  }
                }));
    failed(dial(on, trusting(on).build(), "localhost"), Reason.TLS, "does not speak TLS there");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aServerThatHangsUpInTheHandshakeIsNamed(On on) throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      raw(
          p ->
              p.addLast(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                      ReferenceCountUtil.release(message);
                      if (reset) {
                        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                      }
                      ctx.close();
                    }
                  }));
      failed(dial(on, trusting(on).build(), "localhost"), Reason.TLS, "TLS with a.test");
      serverIsLeft();
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aSilentServerHasItsTime(On on) throws Exception {
    raw(p -> p.addLast(new After("never", ctx -> {})));
    Destination to =
        new Destination(
            "a.test",
            server.port(),
            server.address(),
            trusting(on).build(),
            null,
            Protocol.NEGOTIATED,
            null);
    failed(
        dial(on, to, new Times(Duration.ZERO, Duration.ofMillis(200))),
        Reason.TLS_TIMEOUT,
        "took longer than PT0.2S");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void anEndWithoutCloseNotifyIsSeen(On on) throws Exception {
    serve(certificate("server"));
    ClientTls tls = trusting(on).build();
    BareMachine whole = opened(dial(on, tls, "localhost"));
    server.accepted().get(0).close(); // TLS says its last word
    Eventually.until(() -> whole.log().contains("input ended"), "the end");
    assertThat(whole.isTruncated()).isFalse();
    whole.close();
    BareMachine cut = opened(dial(on, tls, "localhost"));
    Channel second = server.accepted().get(1);
    second.eventLoop().execute(() -> second.unsafe().close(second.unsafe().voidPromise()));
    Eventually.until(() -> cut.log().contains("input ended"), "the end");
    assertThat(cut.isTruncated()).isTrue();
    cut.close();
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void filesThatCannotBeUsedAreNamedAndTriedAgain(On on, @TempDir Path directory) throws Exception {
    serve(certificate("server"));
    Path missing = directory.resolve("roots.pem");
    ClientTls tls = ClientTls.builder().engine(on.engine).trust(missing).build();
    failed(
        dial(on, tls, "localhost"),
        Reason.TLS,
        "trusted certificates in",
        "roots.pem",
        "does not exist");
    Files.copy(TlsFiles.file("ca.pem"), missing);
    opened(dial(on, tls, "localhost"));
    ClientTls text =
        ClientTls.builder().engine(on.engine).trust(new TlsTrust.PemText("nothing")).build();
    failed(dial(on, text, "localhost"), Reason.TLS, "no certificate");
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void tlsGoesThroughAProxyThatSpeaksTlsItself(On on) throws Exception {
    SslContext outer = certificate("server").build();
    SslContext inner = certificate("wild").build();
    raw(
        p ->
            p.addLast(
                outer.newHandler(p.channel().alloc()),
                new After(
                    "\r\n\r\n",
                    ctx -> {
                      ctx.writeAndFlush(
                          Unpooled.copiedBuffer(
                              "HTTP/1.1 200 OK\r\n\r\n", StandardCharsets.US_ASCII));
                      ctx.pipeline().addLast(inner.newHandler(ctx.alloc()), new Echo());
                      ctx.pipeline().remove(ctx.handler());
                    })));
    Proxy proxy = new Proxy(Proxy.Kind.HTTPS, "localhost", server.port());
    ClientTls tls = trusting(on).build();
    BareMachine machine =
        opened(dial(on, Destinations.tls(tls, "x.wild.test", 443, proxy), Times.DEFAULT));
    assertThat(machine.tls().serverName()).isEqualTo("x.wild.test");
    machine.endOutput();
    Eventually.until(() -> machine.log().contains("input ended"), "the server's half");
    machine.close();
    failed(
        dial(on, Destinations.tls(tls, "other.test", 443, proxy), Times.DEFAULT),
        Reason.TLS,
        "through https://localhost:" + server.port(),
        "not for other.test");
    ClientTls noRoots = ClientTls.builder().engine(on.engine).trustAnybodyInsecurely().build();
    failed(
        dial(on, Destinations.tls(noRoots, "x.wild.test", 443, proxy), Times.DEFAULT),
        Reason.PROXY,
        "TLS with the proxy https://localhost",
        "signed by nobody that is trusted");
  }

  @Test
  void alertsHaveWords() {
    assertThat(
            TlsFailures.alertIn(new SSLException("(unknown_ca) Received fatal alert: unknown_ca")))
        .startsWith("TLS alert unknown_ca (it does not take our certificate");
    assertThat(
            TlsFailures.alertIn(
                new SSLException("error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_X")))
        .isEqualTo("TLS alert x");
    assertThat(TlsFailures.alertIn(new SSLException("anything"))).isNull();
    assertThat(TlsFailures.alertIn(null)).isNull();
  }
}
