package dev.runnel.testing;

import dev.runnel.engine.internal.netty.MemoryTransport;
import dev.runnel.engine.internal.netty.NettyClient;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.TransportOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client in memory beside a server, on its loop and under its virtual time; whatever it dials is
 * that server. Closing it is the leak check: no connection may be left.
 */
public final class MemoryClient implements AutoCloseable {
  private final MemoryServer server;
  private final NettyClient client;

  MemoryClient(MemoryServer server, MemoryTransport memory, TransportOptions options) {
    this.server = server;
    this.client =
        memory.client(
            options.resolver() == null
                ? options.withResolver(
                    host -> CompletableFuture.completedFuture(List.of(nowhere())))
                : options);
  }

  /** RFC 5737 3: an address that is nobody's. */
  private static InetAddress nowhere() {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** The transport, with one loop. */
  public ClientTransport transport() {
    return client;
  }

  /** How many connections there are. */
  public int connections() {
    return client.connections();
  }

  /** A connection, kept by this listener; waits for the files of TLS by the wall clock. */
  public ClientConnection dial(Destination to, ClientConnection.Listener keeper) {
    Loop loop = client.loop();
    CompletableFuture<ClientConnection> made = new CompletableFuture<>();
    client.dial(
        to,
        loop,
        ClientTransport.Times.DEFAULT,
        new Dialing() {
          @Override
          public ClientConnection.Listener opened(ClientConnection connection) {
            made.complete(connection);
            return keeper;
          }

          @Override
          public void failed(ClientException error) {
            made.completeExceptionally(error);
          }
        });
    server.until(made::isDone, "a connection to " + to);
    server.run();
    return made.join();
  }

  @Override
  public void close() {
    CompletableFuture<Void> closed = client.closeAsync();
    server.until(closed::isDone, "the client to close");
    server.run();
    if (connections() != 0) {
      throw new AssertionError("left behind: " + connections() + " connections of the client");
    }
  }
}
