package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.ServerOptions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerStateTest {
  private static final SocketAddress PEER = InetSocketAddress.createUnresolved("peer", 1);

  private final List<String> told = new ArrayList<>();

  private ServerObserver observer(String name, Runnable then) {
    return new ServerObserver() {
      @Override
      public void connectionOpened(SocketAddress remote) {
        told.add(name);
        then.run();
      }
    };
  }

  private static Runnable failing(Error error) {
    return () -> {
      throw error;
    };
  }

  @Test
  void anErrorOfOneObserverIsKeptFromTheOthersAndFromTheConnection() {
    ServerOptions options =
        ServerOptions.builder()
            .observer(observer("assertion", failing(new AssertionError("meant to fail"))))
            .observer(observer("stack", failing(new StackOverflowError("meant to fail"))))
            .observer(observer("memory", failing(new OutOfMemoryError("meant to fail"))))
            .observer(observer("last", () -> {}))
            .build();
    try (BlockingThreads threads = new BlockingThreads(1)) {
      new ServerState(options, exchange -> {}, threads).connectionOpened(PEER);
    }
    assertThat(told).containsExactly("assertion", "stack", "memory", "last");
  }
}
