package dev.runnel.conformance.http2;

import dev.runnel.engine.ServerOptions.Transport;
import io.netty.channel.epoll.Epoll;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What moves the bytes of a test. */
enum Where {
  /** Netty's local channels, under virtual time. */
  MEMORY(null),
  NIO(Transport.NIO),
  EPOLL(Transport.EPOLL);

  final @Nullable Transport transport;

  Where(@Nullable Transport transport) {
    this.transport = transport;
  }

  /** All that this machine has. */
  static Stream<Where> all() {
    return Stream.of(values()).filter(w -> w != EPOLL || Epoll.isAvailable());
  }

  /** Those with real sockets. */
  static Stream<Where> tcp() {
    return all().filter(w -> w != MEMORY);
  }
}
