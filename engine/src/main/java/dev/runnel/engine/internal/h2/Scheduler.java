package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.link.SocketLink;
import org.jspecify.annotations.Nullable;

/**
 * Who writes next. Streams that have something to send, or whose writer waits for room, stand in a
 * ring for each urgency (RFC 9218 4.1); while nobody stands there, streams write straight through.
 *
 * <p>Within an urgency streams take turns. An answer of which parts are of use gets a short turn,
 * another one a long turn: to send such answers strictly one after the other, as RFC 9218 10
 * suggests, would let one that never ends hold up all behind it. For the same reason a lower
 * urgency gets one turn in sixteen while a higher one has work.
 *
 * <p>Whenever somebody stands here, either {@link #pump} is on the stack, or the link or the
 * connection's window is what they wait for.
 */
final class Scheduler {
  private static final int LONG_TURN = 64 << 10;
  private static final int SHORT_TURN = Frame.MAX_PAYLOAD;
  private static final int TURNS_OF_THE_URGENT = 16;

  private final SocketLink link;
  private final @Nullable Http2Stream[] rings = new Http2Stream[Priority.URGENCIES];
  private int size;
  private int turnsInRow;
  private @Nullable Http2Stream granted;
  private int left;

  /** Bytes of DATA that the peer takes on the whole connection. */
  int window = Settings.FIRST_WINDOW;

  Scheduler(SocketLink link) {
    this.link = link;
  }

  /** Whether this stream may write at once. */
  boolean mayWrite(Http2Stream stream) {
    return link.writable() && window > 0 && (size == 0 || granted == stream) && hasTurn(stream);
  }

  private boolean hasTurn(Http2Stream stream) {
    return granted == null || (granted == stream && left > 0);
  }

  /** Bytes of DATA were sent. */
  void sent(int bytes) {
    window -= bytes;
    left -= bytes;
  }

  void add(Http2Stream stream) {
    if (stream.next != null) {
      return;
    }
    int ring = Priority.urgency(stream.priority);
    Http2Stream first = rings[ring];
    if (first == null) {
      stream.next = stream;
      stream.previous = stream;
      rings[ring] = stream;
    } else {
      Http2Stream last = first.previous;
      stream.next = first;
      stream.previous = last;
      first.previous = stream;
      if (last != null) {
        last.next = stream;
      }
    }
    size++;
  }

  void remove(Http2Stream stream) {
    Http2Stream after = stream.next;
    Http2Stream before = stream.previous;
    if (after == null || before == null) {
      return;
    }
    int ring = Priority.urgency(stream.priority);
    if (after == stream) {
      rings[ring] = null;
    } else {
      before.next = after;
      after.previous = before;
      if (rings[ring] == stream) {
        rings[ring] = after;
      }
    }
    stream.next = null;
    stream.previous = null;
    size--;
  }

  /** The peer changed its mind. */
  void prioritize(Http2Stream stream, int priority) {
    boolean stands = stream.next != null;
    remove(stream);
    stream.priority = priority;
    if (stands) {
      add(stream);
    }
  }

  /** Lets them write until the link or the window is full. */
  void pump() {
    if (granted != null) {
      return; // a writer that was woken caused this; who woke it goes on
    }
    while (size > 0 && window > 0 && link.writable()) {
      Http2Stream stream = choose();
      remove(stream);
      granted = stream;
      left = Priority.isIncremental(stream.priority) ? SHORT_TURN : LONG_TURN;
      try {
        stream.turn();
      } finally {
        granted = null;
      }
    }
  }

  private Http2Stream choose() {
    Http2Stream chosen = null;
    for (Http2Stream first : rings) {
      if (first != null) {
        if (chosen == null) {
          chosen = first;
          if (turnsInRow < TURNS_OF_THE_URGENT) {
            turnsInRow++;
            return chosen;
          }
        } else {
          turnsInRow = 0;
          return first;
        }
      }
    }
    if (chosen == null) {
      throw new IllegalStateException("nobody waits");
    }
    turnsInRow = 0;
    return chosen;
  }
}
