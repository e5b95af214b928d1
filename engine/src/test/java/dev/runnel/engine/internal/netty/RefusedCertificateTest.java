package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.netty.RawServer.Echo;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Version;
import dev.runnel.server.Eventually;
import dev.runnel.server.LeakCheck;
import dev.runnel.server.TlsCases;
import dev.runnel.server.TransportCases;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.TransportOptions;
import io.netty.buffer.ByteBuf;
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
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What breaks a connection is told to the call on it. Under TLS 1.3 a client is through with the
 * handshake before the server looks at its certificate (RFC 8446 4.4.2), so that a call is under
 * way when the server says no.
 */
class RefusedCertificateTest {
  /** Whose TLS is at which end, and what is spoken. */
  private record Case(Tls.Engine client, SslProvider server, Version version) {}

  static Stream<Case> cases() {
    return TlsCases.engines().stream()
        .flatMap(
            engine ->
                Stream.of(SslProvider.JDK)
                    .filter(SslProvider::isTlsv13Supported)
                    .flatMap(
                        provider ->
                            Stream.of(Version.HTTP_1_1)
                                .map(version -> new Case(engine, provider, version))));
  }

  private final LeakCheck leaks = new LeakCheck();
  private RawServer server;
  private NettyClient client;

  @AfterEach
  void nothingIsLeft() {
    if (client != null) {
      client.close();
    }
    Eventually.until(() -> server.isQuiet(), "the server's connections to close");
    server.close();
    leaks.verify();
  }

  private void serve(Consumer<ChannelPipeline> pipeline) {
    server = new RawServer(pipeline);
  }

  private SslContext picky(SslProvider provider) throws Exception {
    return SslContextBuilder.forServer(
            TlsFiles.file("server.pem").toFile(), TlsFiles.file("server.key").toFile())
        .sslProvider(provider)
        .protocols("TLSv1.3")
        .clientAuth(ClientAuth.REQUIRE)
        .trustManager(TlsFiles.file("ca.pem").toFile())
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                "h2",
                "http/1.1"))
        .build();
  }

  private static Protocol protocol(Version version) {
    return version == Version.HTTP_2 ? Protocol.HTTP_2 : Protocol.HTTP_1_1;
  }

  private Told call(ClientTls tls, Version version) {
    if (client == null) {
      client =
          NettyClient.open(
              TransportOptions.DEFAULT,
              ClientKit.of(TransportCases.loaded().get(0), 1),
              ClientMachines.HTTP);
    }
    Destination to =
        new Destination(
            "localhost", server.port(), server.address(), tls, null, protocol(version), null);
    Told told = new Told(tls == null ? "http" : "https");
    Times times = new Times(Duration.ofSeconds(10), Duration.ofSeconds(10));
    Dialing.Handle dial = client.dial(to, client.loop(), times, told);
    Eventually.until(() -> told.log.contains("ended"), "the call to end");
    dial.cancel();
    return told;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theCallSaysThatTheServerWantsACertificate(Case on) throws Exception {
    SslContext context = picky(on.server);
    serve(p -> p.addLast(context.newHandler(p.channel().alloc()), new Echo()));
    ClientTls nobody = ClientTls.builder().engine(on.client).trust(TlsFiles.file("ca.pem")).build();
    Told told = call(nobody, on.version);
    assertThat(told.log).containsExactly("failed", "ended");
    assertThat(told.error.reason()).isEqualTo(Reason.TLS);
    assertThat(told.error)
        .hasMessageStartingWith("GET https://localhost/: ")
        .hasMessageContainingAll("TLS alert ", "certificate", "(it ", "wants ");
    assertThat(told.error.getCause()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(
      value = Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void aResetIsNamed(Version version) {
    serve(p -> p.addLast(new Resetting()));
    Told told = call(null, version);
    assertThat(told.error.reason()).isEqualTo(Reason.CONNECTION_LOST);
    assertThat(told.error).hasMessageContaining("onnection reset");
    assertThat(told.error.getCause()).hasMessageContaining("onnection reset");
  }

  @ParameterizedTest
  @EnumSource(
      value = Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void aServerThatJustLeavesIsSaidToHaveLeft(Version version) {
    serve(
        p ->
            p.addLast(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ((ByteBuf) message).release();
                    ctx.close();
                  }
                }));
    Told told = call(null, version);
    assertThat(told.error.reason()).isEqualTo(Reason.CONNECTION_LOST);
    assertThat(told.error).hasMessageContaining("closed");
    assertThat(told.error.getCause()).isNull();
  }

  /** Ends each connection by a reset as soon as something was asked. */
  private static final class Resetting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ((ByteBuf) message).release();
      Channel channel = ctx.channel();
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  /** One call on a connection of its own. */
  private static final class Told implements Dialing, ClientConnection.Listener, CallEvents {
    final List<String> log = new CopyOnWriteArrayList<>();
    private final String scheme;
    volatile ClientException error;

    Told(String scheme) {
      this.scheme = scheme;
    }

    @Override
    public ClientConnection.Listener opened(ClientConnection connection) {
      CallHead head =
          new CallHead(
              Method.GET, scheme, "localhost", "/", null, Headers.EMPTY, 0, CallHead.Times.DEFAULT);
      connection.loop().execute(() -> connection.begin(head, this));
      return this;
    }

    @Override
    public void failed(ClientException why) {
      log.add("failed");
      error = why;
    }

    @Override
    public void head(ResponseHead head, BodyReader body) {
      log.add("head");
      body.cancel();
    }

    @Override
    public void informational(ResponseHead head) {}

    @Override
    public void upgraded(ResponseHead head, RawConnection connection) {}

    @Override
    public void ended() {
      log.add("ended");
    }

    @Override
    public void changed(ClientConnection connection) {}

    @Override
    public void closed(ClientConnection connection) {}
  }
}
