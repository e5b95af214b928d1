package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.h1.Http1Client;
import dev.runnel.engine.internal.h2.Http2Client;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.http.Version;
import dev.runnel.transport.ClientConnection;
import java.util.function.Consumer;

/** Makes the machine of a protocol on a connection that is ready for it. */
@FunctionalInterface
interface ClientMachines {
  /** Those of HTTP. */
  ClientMachines HTTP = ClientMachines::http;

  /** A machine for this version. */
  Made make(NettyLink link, Version version);

  /**
   * A machine, by its faces.
   *
   * @param machine what is fed
   * @param connection what calls are made on
   * @param keptBy takes who keeps the connection, before the machine is opened
   */
  record Made(
      Machine machine, ClientConnection connection, Consumer<ClientConnection.Listener> keptBy) {}

  private static Made http(NettyLink link, Version version) {
    LoopServices shared = link.services();
    if (version == Version.HTTP_2) {
      Http2Client client = new Http2Client(link, link.connection(), shared.http2);
      return new Made(client.machine(), client, client::keptBy);
    }
    Http1Client client = new Http1Client(link, link.connection(), shared.http1);
    return new Made(client, client, client::keptBy);
  }
}
