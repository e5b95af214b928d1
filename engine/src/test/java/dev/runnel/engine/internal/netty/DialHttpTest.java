package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Tls;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Version;
import dev.runnel.server.TlsCases;
import dev.runnel.testing.MemoryClient;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.TransportOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The machines of HTTP on connections that were dialled, against our server in memory. */
class DialHttpTest {
  private static final class Keeper implements ClientConnection.Listener {
    final List<String> log = new ArrayList<>();

    @Override
    public void changed(ClientConnection connection) {}

    @Override
    public void closed(ClientConnection connection) {
      log.add("closed");
    }
  }

  private static final class Told implements CallEvents {
    final List<String> log = new ArrayList<>();

    @Override
    public void informational(ResponseHead head) {
      log.add(head.status().toString());
    }

    @Override
    public void head(ResponseHead head, BodyReader body) {
      log.add("head " + head.status().code());
      pull(body);
    }

    private void pull(BodyReader body) {
      while (body.poll() != null) {
        log.add("bytes");
      }
      if (!body.ended()) {
        body.onReady(() -> pull(body));
      }
    }

    @Override
    public void upgraded(ResponseHead head, RawConnection connection) {
      log.add("upgraded");
    }

    @Override
    public void failed(ClientException error) {
      log.add("failed " + error);
    }

    @Override
    public void ended() {
      log.add("ended");
    }
  }

  private static Destination to(ClientTls tls, Protocol protocol) {
    return new Destination("localhost", 80, null, tls, null, protocol, null);
  }

  private static void calls(MemoryServer server, MemoryClient client, Destination to, Version as) {
    Keeper keeper = new Keeper();
    ClientConnection connection = client.dial(to, keeper);
    assertThat(connection.version()).isEqualTo(as);
    assertThat(client.connections()).isEqualTo(1);
    for (int i = 0; i < 2; i++) {
      Told told = new Told();
      CallHead head =
          new CallHead(
              Method.GET,
              to.tls() == null ? "http" : "https",
              "localhost",
              "/",
              null,
              Headers.EMPTY,
              0,
              CallHead.Times.DEFAULT);
      connection.loop().execute(() -> connection.begin(head, told));
      server.run();
      assertThat(told.log).containsExactly("head 200", "bytes", "ended");
    }
    connection.loop().execute(connection::close);
    server.run();
    assertThat(keeper.log).containsExactly("closed");
    assertThat(client.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void inClear(Protocol protocol) {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok("hello")));
        MemoryClient client = server.client(TransportOptions.DEFAULT)) {
      Version as = protocol == Protocol.HTTP_2 ? Version.HTTP_2 : Version.HTTP_1_1;
      calls(server, client, to(null, protocol), as);
    }
  }

  static List<Tls.Engine> engines() {
    return TlsCases.engines();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void overTls(Tls.Engine engine) {
    ClientTls tls = ClientTls.builder().engine(engine).trust(TlsFiles.file("ca.pem")).build();
    try (MemoryServer server =
            MemoryServer.start(
                x -> x.respond(Response.ok("hello")), TlsFiles.server().build(), options -> {});
        MemoryClient client = server.client(TransportOptions.DEFAULT)) {
      calls(server, client, to(tls, Protocol.NEGOTIATED), Version.HTTP_2);
      calls(server, client, to(tls, Protocol.HTTP_1_1), Version.HTTP_1_1);
    }
  }

  @Test
  void closingTheClientTellsWhoKeepsAConnection() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok("hello")))) {
      Keeper one = new Keeper();
      Keeper two = new Keeper();
      try (MemoryClient client = server.client(TransportOptions.DEFAULT)) {
        client.dial(to(null, Protocol.HTTP_1_1), one);
        client.dial(to(null, Protocol.HTTP_2), two);
      }
      assertThat(one.log).containsExactly("closed");
      assertThat(two.log).containsExactly("closed");
    }
  }
}
