package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.DeadlineSweep;
import dev.runnel.engine.internal.netty.AddressRace.Connector;
import dev.runnel.engine.internal.tls.ClientContexts;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.Resolver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a client has on one loop: the connections on their way, and those that are there. */
final class ClientLoop {
  private final NettyClient client;
  private final LoopServices services;
  private final Connector<Channel> connector;
  // Of the loop.
  private final Set<Dial> dials = new LinkedHashSet<>();
  private final Map<NettyLink, ClientConnection> connections = new LinkedHashMap<>();

  ClientLoop(NettyClient client, LoopServices services, Connector<Channel> connector) {
    this.client = client;
    this.services = services;
    this.connector = connector;
  }

  LoopServices services() {
    return services;
  }

  Connector<Channel> connector() {
    return connector;
  }

  Loop loop() {
    return services.loop();
  }

  EventLoop eventLoop() {
    return services.eventLoop();
  }

  DeadlineSweep deadlines() {
    return services.context.deadlines();
  }

  Resolver names() {
    return client.names();
  }

  ClientContexts contexts() {
    return client.contexts();
  }

  ClientMachines machines() {
    return client.machines();
  }

  Duration attemptDelay() {
    return client.options().attemptDelay();
  }

  /** Now, if we are there; else as soon as the loop comes to it. */
  void run(Runnable task) {
    if (loop().inLoop()) {
      task.run();
    } else {
      loop().execute(task);
    }
  }

  /** A dial began. */
  void began(Dial dial) {
    dials.add(dial);
  }

  /** A dial came to its end. */
  void ended(Dial dial) {
    dials.remove(dial);
  }

  /** A connection is there. */
  void keep(NettyLink link, ClientConnection connection) {
    connections.put(link, connection);
    link.channel().closeFuture().addListener(closed -> connections.remove(link));
  }

  /**
   * Fails all dials, and closes all connections at once.
   *
   * @param then runs when they are gone, and who kept them was told
   */
  void closeAll(ClientException why, Runnable then) {
    List<ChannelFuture> closing =
        services.links().stream().map(link -> link.channel().closeFuture()).toList();
    for (Dial dial : List.copyOf(dials)) {
      dial.fail(why);
    }
    for (ClientConnection connection : List.copyOf(connections.values())) {
      connection.closeNow(why);
    }
    closing.forEach(closed -> closed.addListener(done -> settle(then)));
    settle(then);
  }

  /** Links leave a turn after their channels closed. */
  private void settle(Runnable then) {
    if (services.connections() == 0) {
      then.run(); // again and again does no harm
    } else if (services.links().stream().noneMatch(link -> link.channel().isOpen())) {
      eventLoop().execute(() -> settle(then));
    }
  }
}
