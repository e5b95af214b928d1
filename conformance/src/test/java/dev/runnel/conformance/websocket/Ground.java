package dev.runnel.conformance.websocket;

import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import java.util.stream.Stream;

/** What carries the sessions of a suite. */
enum Ground {
  HTTP_1_IN_MEMORY(true, false),
  HTTP_2_IN_MEMORY(true, true),
  HTTP_1_ON_TCP(false, false),
  HTTP_2_ON_TCP(false, true);

  private final boolean memory;
  private final boolean http2;

  Ground(boolean memory, boolean http2) {
    this.memory = memory;
    this.http2 = http2;
  }

  static Stream<Ground> all() {
    return Stream.of(values());
  }

  /** Where time is virtual. */
  static Stream<Ground> memory() {
    return all().filter(Ground::isMemory);
  }

  static Stream<Ground> tcp() {
    return all().filter(ground -> !ground.memory);
  }

  /** Netty's local channels, as {@link MemoryServer} has them. */
  boolean isMemory() {
    return memory;
  }

  boolean isHttp2() {
    return http2;
  }

  Peer over(Peer bytes) {
    return http2 ? new Http2Peer(bytes) : bytes;
  }
}
