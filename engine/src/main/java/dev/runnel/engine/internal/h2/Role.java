package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.h2.FrameSink.HeaderFrame;

/** What the two ends of a connection do differently. */
interface Role {
  /** The connection begins: what is said first. */
  void greet(Http2Connection connection);

  /** A header block on a stream of the peer's that was idle. */
  void open(Http2Connection connection, HeaderFrame block, HeaderFields fields) throws Http2Error;

  /** What came on a stream of the peer's was malformed, and never became anything. */
  void refused(String reason);
}
