package dev.runnel.conformance.websocket;

import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import java.util.stream.Stream;

/** What carries the sessions of a suite. */
enum Ground {
  HTTP_1_IN_MEMORY(true, false, false),
  HTTP_2_IN_MEMORY(true, true, false),
  HTTP_1_ON_TCP(false, false, false),
  HTTP_2_ON_TCP(false, true, false),
  HTTP_1_OVER_TLS(false, false, true),
  HTTP_2_OVER_TLS(false, true, true);

  private final boolean memory;
  private final boolean http2;
  private final boolean secure;

  Ground(boolean memory, boolean http2, boolean secure) {
    this.memory = memory;
    this.http2 = http2;
    this.secure = secure;
  }

  static Stream<Ground> all() {
    return Stream.of(values());
  }

  /** Where time is virtual. */
  static Stream<Ground> memory() {
    return all().filter(Ground::isMemory);
  }

  /** Netty's local channels, as {@link MemoryServer} has them. */
  boolean isMemory() {
    return memory;
  }

  boolean isHttp2() {
    return http2;
  }

  /** On real sockets, and encrypted. */
  boolean isSecure() {
    return secure;
  }

  /** The name that TLS has for the version. */
  String alpn() {
    return http2 ? "h2" : "http/1.1";
  }

  Peer over(Peer bytes) {
    return http2 ? new Http2Peer(bytes, secure ? "https" : "http") : bytes;
  }
}
