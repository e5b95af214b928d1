package dev.runnel.engine;

import java.time.Duration;

/**
 * How a server, or a client, speaks HTTP/2 (RFC 9113). Immutable; {@link #DEFAULT} and the {@code
 * with…} methods make others. The header list has the limit {@link Limits#headerSection()}.
 *
 * @param concurrentStreams calls of one connection at a time; a server refuses more, so that the
 *     client may try again, and a client begins no more even if the server allows it (128)
 * @param streamWindow bytes of a body that the client may send before the handler reads; also what
 *     a handler that does not read holds at most (64 KiB)
 * @param maxStreamWindow up to which that window grows while a handler keeps up with its client (1
 *     MiB)
 * @param connectionWindow bytes of all streams of a connection that may be on their way (1 MiB)
 * @param connectionBudget received bytes of one connection that no handler has taken yet; above it
 *     its newest stream that holds some is reset (4 MiB)
 * @param serverBudget the same over all connections of the server (256 MiB)
 * @param pingIdle without a byte from the client, after which it is asked whether it is there; ZERO
 *     never asks (30 s)
 * @param pingAnswer how long it has to answer; then the connection is closed (15 s)
 * @param pushes promised answers (RFC 9113 8.4) that a client takes at a time on a connection; 0
 *     refuses all, and a server has no use for it (0)
 */
public record Http2Options(
    int concurrentStreams,
    int streamWindow,
    int maxStreamWindow,
    int connectionWindow,
    int connectionBudget,
    long serverBudget,
    Duration pingIdle,
    Duration pingAnswer,
    int pushes) {
  /** The defaults. */
  public static final Http2Options DEFAULT =
      new Http2Options(
          128,
          64 << 10,
          1 << 20,
          1 << 20,
          4 << 20,
          256L << 20,
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          0);

  public Http2Options {
    require(concurrentStreams >= 1, "concurrentStreams", concurrentStreams);
    require(streamWindow >= 1, "streamWindow", streamWindow);
    require(maxStreamWindow >= streamWindow, "maxStreamWindow", maxStreamWindow);
    // A connection starts with 65,535 bytes, which no setting can make fewer.
    require(connectionWindow >= 0xFFFF, "connectionWindow", connectionWindow);
    require(connectionBudget >= 0xFFFF, "connectionBudget", connectionBudget);
    require(serverBudget >= connectionBudget, "serverBudget", serverBudget);
    require(!pingIdle.isNegative(), "pingIdle", pingIdle.toNanos());
    require(!pingAnswer.isNegative() && !pingAnswer.isZero(), "pingAnswer", pingAnswer.toNanos());
    require(pushes >= 0, "pushes", pushes);
  }

  private static void require(boolean holds, String name, long value) {
    if (!holds) {
      throw new IllegalArgumentException("HTTP/2 option " + name + " is out of range: " + value);
    }
  }

  /** With another number of calls at a time. */
  public Http2Options withConcurrentStreams(int count) {
    return new Http2Options(
        count,
        streamWindow,
        maxStreamWindow,
        connectionWindow,
        connectionBudget,
        serverBudget,
        pingIdle,
        pingAnswer,
        pushes);
  }

  /** With other windows of a stream, the first and the largest. */
  public Http2Options withStreamWindow(int first, int largest) {
    return new Http2Options(
        concurrentStreams,
        first,
        largest,
        connectionWindow,
        connectionBudget,
        serverBudget,
        pingIdle,
        pingAnswer,
        pushes);
  }

  /** With another window of a connection. */
  public Http2Options withConnectionWindow(int bytes) {
    return new Http2Options(
        concurrentStreams,
        streamWindow,
        maxStreamWindow,
        bytes,
        connectionBudget,
        serverBudget,
        pingIdle,
        pingAnswer,
        pushes);
  }

  /** With other budgets for bytes that no handler has taken, of a connection and of the server. */
  public Http2Options withBudgets(int connection, long server) {
    return new Http2Options(
        concurrentStreams,
        streamWindow,
        maxStreamWindow,
        connectionWindow,
        connection,
        server,
        pingIdle,
        pingAnswer,
        pushes);
  }

  /** With other times for asking a silent client whether it is there. */
  public Http2Options withPing(Duration idle, Duration answer) {
    return new Http2Options(
        concurrentStreams,
        streamWindow,
        maxStreamWindow,
        connectionWindow,
        connectionBudget,
        serverBudget,
        idle,
        answer,
        pushes);
  }

  /** With so many promised answers that a client takes at a time. */
  public Http2Options withPushes(int count) {
    return new Http2Options(
        concurrentStreams,
        streamWindow,
        maxStreamWindow,
        connectionWindow,
        connectionBudget,
        serverBudget,
        pingIdle,
        pingAnswer,
        count);
  }
}
