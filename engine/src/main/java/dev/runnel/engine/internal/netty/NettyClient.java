package dev.runnel.engine.internal.netty;

import dev.runnel.io.Loop;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.TransportOptions;
import java.util.concurrent.CompletableFuture;

/** A client on Netty's transports. */
public final class NettyClient implements ClientTransport {
  private final TransportOptions options;

  private NettyClient(TransportOptions options) {
    this.options = options;
  }

  /** With loops of its own. */
  public static NettyClient open(TransportOptions options) {
    return new NettyClient(options);
  }

  @Override
  public Loop loop() {
    throw new IllegalStateException("no loops yet");
  }

  @Override
  public boolean isLoop() {
    return false;
  }

  @Override
  public TransportOptions options() {
    return options;
  }

  @Override
  public Dialing.Handle dial(Destination to, Loop loop, Times times, Dialing dialing) {
    throw new IllegalStateException("no dialling yet");
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    closeAsync().join();
  }
}
