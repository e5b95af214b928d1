package dev.runnel.engine.internal.netty;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.netty.ScriptedDns.Entry;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.server.Eventually;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.TransportOptions;
import dev.runnel.transport.netty.NettyTransport;
import io.netty.channel.EventLoop;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One call by name, in a process that has only what the engine needs. */
public final class LeanClient {
  private static final String NAME = "lean.test";

  private LeanClient() {}

  /** Asks for /; the status of the answer. */
  public static int call(int port) throws Exception {
    ClientKit kit = ClientKit.of(Transport.NIO, 1);
    BlockingThreads blocking = new BlockingThreads(1);
    EventLoop loop = kit.transport().loops().next();
    try (ScriptedDns dns = new ScriptedDns();
        SystemNames names = new SystemNames(kit.dns(), loop, blocking, () -> servers(dns))) {
      dns.says(ScriptedDns.A, NAME, Entry.address(NAME, 60, "127.0.0.1"));
      dns.says(ScriptedDns.AAAA, NAME);
      TransportOptions options =
          TransportOptions.DEFAULT.withTransport(Transport.NIO).withLoops(1).withResolver(names);
      try (ClientTransport client = NettyTransport.open(options)) {
        return status(client, port);
      }
    } finally {
      blocking.close();
      kit.transport().loops().shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static NameServers servers(ScriptedDns dns) throws IOException {
    return new NameServers(
        new SequentialDnsServerAddressStreamProvider(dns.address()),
        HostsFileEntriesProvider.parser().parse(new StringReader("")),
        Duration.ofSeconds(5));
  }

  private static int status(ClientTransport client, int port) throws Exception {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Dialing.Handle dial =
        client.dial(
            Destinations.of(NAME, port),
            client.loop(),
            new Times(Duration.ofSeconds(10), Duration.ofSeconds(10)),
            new OneCall(status, port));
    try {
      return Eventually.get(status, "the answer");
    } finally {
      dial.cancel();
    }
  }

  private record OneCall(CompletableFuture<Integer> status, int port)
      implements Dialing, ClientConnection.Listener, CallEvents {
    @Override
    public ClientConnection.Listener opened(ClientConnection connection) {
      CallHead head =
          new CallHead(
              Method.GET,
              "http",
              NAME + ":" + port,
              "/",
              null,
              Headers.EMPTY,
              0,
              CallHead.Times.DEFAULT);
      connection.loop().execute(() -> connection.begin(head, this));
      return this;
    }

    @Override
    public void failed(ClientException why) {
      status.completeExceptionally(why);
    }

    @Override
    public void head(ResponseHead head, BodyReader body) {
      status.complete(head.status().code());
      body.cancel();
    }

    @Override
    public void informational(ResponseHead head) {}

    @Override
    public void upgraded(ResponseHead head, RawConnection connection) {}

    @Override
    public void ended() {}

    @Override
    public void changed(ClientConnection connection) {}

    @Override
    public void closed(ClientConnection connection) {}
  }
}
