package dev.runnel.engine.internal.netty;

import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Dialing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One dial, and all that it told. */
final class Dialled implements Dialing, ClientConnection.Listener {
  final List<String> log = new CopyOnWriteArrayList<>();
  volatile BareMachine machine;
  volatile ClientException error;
  private final Handle handle;

  private Dialled(ClientTransport client, Destination to, Times times) {
    handle = client.dial(to, client.loop(), times, this);
  }

  static Dialled of(ClientTransport client, Destination to) {
    return new Dialled(client, to, new Times(Duration.ofSeconds(10), Duration.ofSeconds(5)));
  }

  static Dialled of(ClientTransport client, Destination to, Times times) {
    return new Dialled(client, to, times);
  }

  void cancel() {
    handle.cancel();
  }

  boolean isOver() {
    return machine != null || error != null;
  }

  @Override
  public ClientConnection.Listener opened(ClientConnection connection) {
    log.add("opened");
    machine = (BareMachine) connection;
    return this;
  }

  @Override
  public void failed(ClientException why) {
    log.add("failed " + why.reason());
    error = why;
  }

  @Override
  public void changed(ClientConnection connection) {}

  @Override
  public void closed(ClientConnection connection) {
    log.add("closed");
  }
}
