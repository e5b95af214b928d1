package dev.runnel.engine.internal.exchange;

import dev.runnel.io.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a version must do once an answer has taken the connection, or the stream, over: bytes both
 * ways and the ends of both. On the loop only.
 */
public interface RawWire {
  /** The connection that it is, or is part of. */
  ConnectionContext connection();

  /** Whether bytes of the peer are there. */
  boolean hasInput();

  /** Bytes of the peer, at most about so many, or null. */
  @Nullable Bytes take(int about);

  /** Whether the peer has closed its half; what it sent before may still be there. */
  boolean isInputEnded();

  /** Bytes for the peer. */
  void write(Bytes bytes);

  /** Whether few enough bytes wait for the peer that more may be handed over. */
  boolean isWritable();

  /** Sends all that was written, then closes our half. */
  void endOutput();

  /** Sends what was written, then closes. What came and was not taken is still there. */
  void close();

  /** Nobody reads any more: what came and was not taken is dropped. */
  void discard();

  /** Drops all at once, unsent bytes included. */
  void reset();

  /** The taker failed: the peer should see that, where the version can say it. */
  void abort();
}
