package dev.runnel.engine.internal.link;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a protocol machine sees it: bytes out, read interest, one deadline, the ways to
 * close. Used on the connection's loop only. What is written in one turn of the loop leaves in one
 * flush at its end.
 */
public interface SocketLink {
  /** What the calls of this connection share. */
  ConnectionContext connection();

  /** The scratch space of the loop; see {@link LoopScratch} for how long it may be used. */
  LoopScratch scratch();

  /** The buffer of what is written in this turn; append to it, then call {@link #wrote}. */
  ByteBuf out();

  /** Says that {@link #out()} was appended to. */
  void wrote();

  /**
   * How many bytes ever left the buffer of a turn: what is written is on its way when this grows.
   */
  long sent();

  /**
   * Once the input has ended: whether the peer said so, by closing its half and, under TLS, by
   * close_notify before it. Else what came may be a part of what was sent.
   */
  boolean isInputWhole();

  /** Whether few enough bytes wait for the peer that more may be written. */
  boolean writable();

  /** Whether something that was written in a turn before has yet to be taken by the transport. */
  boolean hasUnsent();

  /** Whether {@link #file} works on this connection. */
  boolean takesFiles();

  /** Sends bytes of a file behind all that was written, and closes it after the last ones. */
  void file(FileChannel file, long position, int count, boolean last);

  /** Whether bytes are read from the peer; without it TCP holds the peer back. */
  void reading(boolean on);

  /** Sets or moves the deadline at which {@link Machine#timedOut()} is called; ZERO is none. */
  void deadline(Duration after);

  /** Drops the deadline. */
  void noDeadline();

  /**
   * Says whether the connection waits for a next request, so that it may be closed first when
   * places are short.
   */
  void idle(boolean idle);

  /** Sends all that was written, then closes our half. */
  void shutdownOutput();

  /**
   * Like {@link #shutdownOutput()}, where nobody looks any more at what still comes: it is handed
   * over so that it can be counted, and may be ciphertext.
   */
  void linger();

  /** Sends all that was written, then closes. */
  void closeAfterFlush();

  /** Closes at once; what was not sent is lost. */
  void closeNow();

  /** Closes at once with a TCP reset, so that the peer cannot take what it got for a whole. */
  void reset();

  /** What broke the connection, for a message, or null if nothing did that is known. */
  default @Nullable LinkLoss loss() {
    return null;
  }
}
