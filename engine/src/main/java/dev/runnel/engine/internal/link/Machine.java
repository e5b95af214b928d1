package dev.runnel.engine.internal.link;

import dev.runnel.engine.CancelCause;
import io.netty.buffer.ByteBuf;

/**
 * A protocol machine on a connection. Called on the connection's loop, and never from within one of
 * its own calls.
 */
public interface Machine {
  /** The connection is there. */
  void opened();

  /** Bytes came. The machine takes the buffer over. */
  void received(ByteBuf in);

  /** The peer closed its half (FIN). */
  void inputEnded();

  /** Few bytes are left unsent. */
  void writable();

  /** The machine's deadline is due. */
  void timedOut();

  /** The server is stopping: answer what has begun, take nothing new. */
  void drain();

  /**
   * The connection may be closed if it serves nobody: places are short, or the drain's patience
   * with idle ones ended.
   */
  void closeIfIdle();

  /** Cancel whatever runs, and close. */
  void cancel(CancelCause cause);

  /** The connection is gone. Called once, last. */
  void closed();
}
