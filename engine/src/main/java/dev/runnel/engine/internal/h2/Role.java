package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.h2.FrameSink.HeaderFrame;
import dev.runnel.engine.internal.h2.Patience.Wait;

/** What the two ends of a connection do differently. */
interface Role {
  /** Whether this is the end that opens streams of odd numbers. */
  boolean isClient();

  /** The connection begins: what is said first. */
  void greet(Http2Connection connection);

  /**
   * Judges a header block on a stream that is not open.
   *
   * @throws Http2Error of the connection, if the peer can never send one there
   */
  void mayOpen(Http2Connection connection, int stream) throws Http2Error;

  /** A header block on a stream of the peer's that was idle. */
  void open(Http2Connection connection, HeaderFrame block, HeaderFields fields) throws Http2Error;

  /** A promise (RFC 9113 8.4); only where they are allowed. */
  void promise(
      Http2Connection connection, int stream, int promised, boolean tooLarge, HeaderFields fields)
      throws Http2Error;

  /** What came on a stream of the peer's was malformed, and never became anything. */
  void refused(String reason);

  /** Whether a reset of this stream costs the peer nothing, because we opened it. */
  boolean asksForResets(int stream);

  /** The peer said what it wants. */
  void settled(Http2Connection connection) throws Http2Error;

  /** The peer said GOAWAY. */
  void peerGoesAway(Http2Connection connection, int last, long code);

  /** Our end is to stop. */
  void drain(Http2Connection connection);

  /**
   * What the connection waits for.
   *
   * @param head whether a frame has begun that is not whole
   * @param idle whether there is no stream
   */
  Wait awaited(boolean head, boolean idle);

  /**
   * Whether frames are gone through even while the peer takes nothing. One of both ends has to, or
   * they could wait for each other; a server does not, so that nobody can have it hold answers.
   */
  boolean readsAlways();

  /** The peer is gone for this cause; why, as far as it said. */
  Loss gone(CancelCause cause);

  /** The last stream is closed. */
  void quiet(Http2Connection connection);

  /** Nothing goes on here any more: what was written leaves, and no more. */
  void ended();

  /** The link is closed. */
  void closed();

  /** A step is over: user code may be called. */
  void stepped();
}
