package dev.runnel.engine.internal.h2;

import java.util.EnumMap;
import java.util.Map;

/**
 * The states of a stream (RFC 9113 5.1) as a table: every legal move stands here, and there is no
 * other. Idle and closed streams have no object.
 */
enum StreamState {
  /** Promised by us, nothing sent yet. */
  RESERVED_LOCAL,
  /** Promised by the peer, nothing came yet. */
  RESERVED_REMOTE,
  OPEN,
  /** We have sent our end. */
  HALF_CLOSED_LOCAL,
  /** The peer has sent its end. */
  HALF_CLOSED_REMOTE,
  CLOSED;

  enum Event {
    SEND_HEADERS,
    SEND_END,
    RECEIVE_HEADERS,
    RECEIVE_END,
    /** RST_STREAM in either direction, or the end of the connection. */
    RESET
  }

  private static final Map<StreamState, Map<Event, StreamState>> MOVES =
      new EnumMap<>(StreamState.class);

  static {
    MOVES.put(
        RESERVED_LOCAL, moves(Map.of(Event.SEND_HEADERS, HALF_CLOSED_REMOTE, Event.RESET, CLOSED)));
    MOVES.put(
        RESERVED_REMOTE,
        moves(Map.of(Event.RECEIVE_HEADERS, HALF_CLOSED_LOCAL, Event.RESET, CLOSED)));
    MOVES.put(
        OPEN,
        moves(
            Map.of(
                Event.SEND_HEADERS, OPEN,
                Event.SEND_END, HALF_CLOSED_LOCAL,
                Event.RECEIVE_END, HALF_CLOSED_REMOTE,
                Event.RESET, CLOSED)));
    MOVES.put(HALF_CLOSED_LOCAL, moves(Map.of(Event.RECEIVE_END, CLOSED, Event.RESET, CLOSED)));
    MOVES.put(
        HALF_CLOSED_REMOTE,
        moves(
            Map.of(
                Event.SEND_HEADERS, HALF_CLOSED_REMOTE,
                Event.SEND_END, CLOSED,
                Event.RESET, CLOSED)));
    MOVES.put(CLOSED, moves(Map.of()));
  }

  private static Map<Event, StreamState> moves(Map<Event, StreamState> from) {
    Map<Event, StreamState> moves = new EnumMap<>(Event.class);
    moves.putAll(from);
    return moves;
  }

  StreamState on(Event event) {
    StreamState after = MOVES.get(this).get(event);
    if (after == null) {
      throw new IllegalStateException("a stream that is " + this + " cannot " + event);
    }
    return after;
  }

  /** Whether the peer may still send DATA or HEADERS. */
  boolean receives() {
    return this == OPEN || this == HALF_CLOSED_LOCAL;
  }

  /** Whether the peer may still send HEADERS. */
  boolean receivesHeaders() {
    return receives() || this == RESERVED_REMOTE;
  }

  /** Whether we may still send DATA or HEADERS. */
  boolean sends() {
    return this == OPEN || this == HALF_CLOSED_REMOTE || this == RESERVED_LOCAL;
  }
}
