package dev.runnel.transport;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.ServerOptions.Transport;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How connections of a client are made and held. Immutable; {@link #DEFAULT} and the {@code with…}
 * methods make others.
 *
 * @param transport what moves the bytes
 * @param loops how many event loops (one for each processor)
 * @param limits of these the sizes of header sections (of answers, 64 KiB and 200 fields) and of
 *     chunk extensions count; a status line has the limit of a request line
 * @param http2 how HTTP/2 is spoken
 * @param resolver finds addresses; null asks the name servers of the system
 * @param attemptDelay how long one address has before the next one is tried beside it (250 ms; RFC
 *     8305 5)
 * @param writeStall without the server taking a byte that we have for it (30 s); ZERO is none
 */
public record TransportOptions(
    Transport transport,
    int loops,
    Limits limits,
    Http2Options http2,
    @Nullable Resolver resolver,
    Duration attemptDelay,
    Duration writeStall) {
  /** The defaults. */
  public static final TransportOptions DEFAULT =
      new TransportOptions(
          Transport.AUTO,
          Runtime.getRuntime().availableProcessors(),
          Limits.DEFAULT.withHeaders(64 << 10, 200),
          Http2Options.DEFAULT,
          null,
          Duration.ofMillis(250),
          Duration.ofSeconds(30));

  public TransportOptions {
    Objects.requireNonNull(transport);
    Objects.requireNonNull(limits);
    Objects.requireNonNull(http2);
    if (loops < 1) {
      throw new IllegalArgumentException("a client needs at least one loop, not " + loops);
    }
    if (attemptDelay.isNegative() || writeStall.isNegative()) {
      throw new IllegalArgumentException(
          "a time must not be negative: " + attemptDelay + ", " + writeStall);
    }
  }

  /** With another transport. */
  public TransportOptions withTransport(Transport value) {
    return new TransportOptions(value, loops, limits, http2, resolver, attemptDelay, writeStall);
  }

  /** With so many loops. */
  public TransportOptions withLoops(int value) {
    return new TransportOptions(
        transport, value, limits, http2, resolver, attemptDelay, writeStall);
  }

  /** With other size limits. */
  public TransportOptions withLimits(Limits value) {
    return new TransportOptions(transport, loops, value, http2, resolver, attemptDelay, writeStall);
  }

  /** With HTTP/2 spoken otherwise. */
  public TransportOptions withHttp2(Http2Options value) {
    return new TransportOptions(
        transport, loops, limits, value, resolver, attemptDelay, writeStall);
  }

  /** With another way to find addresses. */
  public TransportOptions withResolver(Resolver value) {
    return new TransportOptions(transport, loops, limits, http2, value, attemptDelay, writeStall);
  }

  /** With another time between two attempts to connect. */
  public TransportOptions withAttemptDelay(Duration value) {
    return new TransportOptions(transport, loops, limits, http2, resolver, value, writeStall);
  }

  /** With another limit for servers that take nothing. */
  public TransportOptions withWriteStall(Duration value) {
    return new TransportOptions(transport, loops, limits, http2, resolver, attemptDelay, value);
  }
}
