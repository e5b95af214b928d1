package dev.runnel.engine.internal.exchange;

import java.util.EnumMap;
import java.util.Map;

/** The life of an answer, as a table: every legal move stands here, and there is no other. */
enum ResponseState {
  /** Nothing was answered. */
  OPEN,
  /** An answer was given, its head may still be held back. */
  ANSWERED,
  /** The last byte was handed to the wire. */
  ENDED,
  /** Given up: cancelled, or failed after the head was sent. */
  ABORTED;

  enum Event {
    ANSWER,
    END,
    ABORT,
    /** An answer that failed before its head was sent may be replaced by an error answer. */
    RETRACT
  }

  private static final Map<ResponseState, Map<Event, ResponseState>> MOVES =
      new EnumMap<>(ResponseState.class);

  static {
    MOVES.put(OPEN, moves(Event.ANSWER, ANSWERED, Event.ABORT, ABORTED));
    MOVES.put(ANSWERED, moves(Event.END, ENDED, Event.ABORT, ABORTED));
    MOVES.get(ANSWERED).put(Event.RETRACT, OPEN);
    MOVES.put(ENDED, new EnumMap<>(Event.class));
    MOVES.put(ABORTED, new EnumMap<>(Event.class));
  }

  private static Map<Event, ResponseState> moves(
      Event first, ResponseState afterFirst, Event second, ResponseState afterSecond) {
    Map<Event, ResponseState> moves = new EnumMap<>(Event.class);
    moves.put(first, afterFirst);
    moves.put(second, afterSecond);
    return moves;
  }

  ResponseState on(Event event) {
    ResponseState after = MOVES.get(this).get(event);
    if (after == null) {
      throw new IllegalStateException(complaint(event));
    }
    return after;
  }

  private String complaint(Event event) {
    if (this == OPEN) {
      return "the call was not answered yet: " + event + " needs an answer first";
    }
    return event == Event.ANSWER && this != ABORTED
        ? "the call was answered already: a call has one final answer"
        : "the call is over (" + this + "): " + event + " is not possible any more";
  }

  boolean isOver() {
    return this == ENDED || this == ABORTED;
  }
}
