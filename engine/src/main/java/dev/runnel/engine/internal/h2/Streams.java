package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of a connection that are open, and what must be known of those that were. */
final class Streams {
  /**
   * Frames that were on their way when we reset a stream come late and are ignored (RFC 9113 5.1);
   * of so many streams we know that it was us.
   */
  private static final int REMEMBERED = 256;

  /** A client cancels calls as its users do, by the thousand within a round trip. */
  private static final int REMEMBERED_BY_CLIENT = 4096;

  private final Http2Connection connection;
  private final int ownParity;
  private final int remembered;
  private final List<Http2Stream> endingEarly = new ArrayList<>(0);
  private final IntObjectHashMap<Http2Stream> open = new IntObjectHashMap<>(8);
  private int[] reset = new int[8];
  private int resets;
  private int lastPeer;

  /** Bit n says that the peer has opened the stream n numbers below its last one. */
  private long opened;

  private int lastOwn;
  private int own;

  /**
   * @param firstOwn the first number that is ours to use: a client's are odd, a server's even (RFC
   *     9113 5.1.1)
   */
  Streams(Http2Connection connection, int firstOwn) {
    this.connection = connection;
    this.ownParity = firstOwn & 1;
    this.remembered = ownParity == 1 ? REMEMBERED_BY_CLIENT : REMEMBERED;
    this.lastOwn = firstOwn - 2;
  }

  @Nullable Http2Stream get(int id) {
    return open.get(id);
  }

  void add(Http2Stream stream) {
    if (open.put(stream.id, stream) == null && isOwn(stream.id)) {
      own++;
    }
  }

  /** It is open no more. */
  void remove(Http2Stream stream) {
    if (open.remove(stream.id) == null) {
      return;
    }
    if (isOwn(stream.id)) {
      own--;
    }
  }

  /** Whether a stream of this number would be one that we opened. */
  boolean isOwn(int id) {
    return (id & 1) == ownParity;
  }

  /** How many that we opened are open. */
  int own() {
    return own;
  }

  int size() {
    return open.size();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  List<Http2Stream> all() {
    return new ArrayList<>(open.values());
  }

  /** The highest stream of the peer's that was ever opened. */
  int lastPeer() {
    return lastPeer;
  }

  /** The peer opens a stream; all lower ones that are idle are closed by that. */
  void opened(int id) {
    int step = (id - lastPeer) / 2;
    opened = (step < Long.SIZE ? opened << step : 0) | 1;
    lastPeer = id;
  }

  /**
   * Whether the peer left out this number, below its last one (RFC 9113 5.1.1); known of its latest
   * ones only. Real peers leave out none.
   */
  boolean isLeftOut(int id) {
    int behind = (lastPeer - id) / 2;
    return !isOwn(id) && behind < Long.SIZE && (opened >>> behind & 1) == 0;
  }

  /** Whether the numbers have not come to their end. */
  boolean hasNextOwn() {
    return lastOwn <= Integer.MAX_VALUE - 2;
  }

  /** The next stream of our own. */
  int nextOwn() {
    lastOwn += 2;
    return lastOwn;
  }

  /** Whether nobody has used this stream yet. */
  boolean isIdle(int id) {
    return isOwn(id) ? id > lastOwn : id > lastPeer;
  }

  private void wasReset(int id) {
    if (resets == reset.length && resets < remembered) {
      reset = Arrays.copyOf(reset, 2 * resets);
    }
    reset[resets % reset.length] = id;
    resets++;
    if (resets == 2 * remembered) {
      resets = remembered;
    }
  }

  /** Whether we have reset this stream lately. */
  boolean isResetByUs(int id) {
    return contains(reset, id);
  }

  private static boolean contains(int[] ids, int id) {
    for (int other : ids) {
      if (other == id) {
        return true;
      }
    }
    return false;
  }

  // --- ends before their time ---

  /** Resets a stream, whether or not there is one of this number. */
  void reset(int id, ErrorCode code, Loss loss) {
    Http2Stream stream = get(id);
    connection.writer().reset(id, code);
    wasReset(id);
    if (stream != null) {
      lose(stream, loss);
    }
  }

  /** Resets a stream of which the subclass knows already. */
  void resetQuietly(Http2Stream stream, ErrorCode code) {
    connection.writer().reset(stream.id, code);
    wasReset(stream.id);
    stream.close();
    connection.forget(stream);
  }

  /** The stream is gone, by a word of the peer's or for want of one. */
  void lose(Http2Stream stream, Loss loss) {
    stream.close();
    connection.forget(stream);
    stream.lost(loss);
  }

  /** The connection is gone. */
  void loseAll(Loss loss) {
    for (Http2Stream stream : all()) {
      stream.close();
      remove(stream);
      stream.left();
      stream.lost(loss);
    }
  }

  /** The peer closed its half of the connection. */
  void inputEnded() {
    for (Http2Stream stream : all()) {
      if (!stream.outlivesInput()) {
        lose(stream, connection.role().gone(CancelCause.CLIENT_GONE));
      }
    }
    loseStuck();
  }

  /** A peer that closed its half cannot open a window any more: who waits for one never ends. */
  void loseStuck() {
    for (Http2Stream stream : all()) {
      if (stream.awaitsWindow()) {
        lose(stream, connection.role().gone(CancelCause.CLIENT_GONE));
      }
    }
  }

  /**
   * Our side of this stream has ended, and what the peer still sends on it is not wanted (RFC 9113
   * 8.1). It is told so unless its end is among what was received already.
   */
  void endEarly(Http2Stream stream) {
    if (connection.hasMoreToRead()) {
      endingEarly.add(stream);
    } else {
      resetQuietly(stream, ErrorCode.NO_ERROR);
    }
  }

  /** All that was received was gone through. */
  void endEarly() {
    if (endingEarly.isEmpty()) {
      return; // after nearly every read: not even an iterator for it
    }
    for (Http2Stream stream : endingEarly) {
      if (stream.state() != StreamState.CLOSED) {
        resetQuietly(stream, ErrorCode.NO_ERROR);
      }
    }
    endingEarly.clear();
  }
}
