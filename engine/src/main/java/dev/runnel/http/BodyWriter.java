package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.OutputStream;

/**
 * A body as it is sent: written on the loop, with back-pressure. What is written in one turn of the
 * loop leaves in one flush at the end of that turn.
 */
public interface BodyWriter {
  /**
   * Hands over bytes. They are always taken; the result says whether more may follow at once (true)
   * or whether the writer should wait for {@link #onWritable} (false: 64 KiB or more wait for the
   * peer).
   *
   * @throws IllegalStateException after {@link #end}, or when more bytes come than the declared
   *     Content-Length
   * @throws RuntimeException if the call was cancelled
   */
  boolean write(Bytes bytes);

  /**
   * Sends the head now, although no byte of the body is there yet: for a stream whose client waits
   * to hear that it has begun. Does nothing once the head is sent.
   *
   * @throws RuntimeException if the call was cancelled
   */
  void commit();

  /**
   * Runs the task once, on the loop, when the unsent bytes are few again or the call is over.
   * Replaces an earlier task.
   */
  void onWritable(Runnable once);

  /**
   * Ends the body with a trailer section, which is left out where the version or framing has none
   * (HTTP/1.0, Content-Length).
   *
   * @throws IllegalStateException if fewer bytes were written than the declared Content-Length; the
   *     peer then sees a failure, never a short success
   */
  void end(Headers trailers);

  /** Ends the body. */
  default void end() {
    end(Headers.EMPTY);
  }

  /**
   * This body for blocking code on one thread that is not the loop's: bytes are gathered to 16 KiB,
   * and a write blocks while the peer is slow. It throws an {@link java.io.IOException} when the
   * call is over; since one piece may be on its way when a write returns, that may be the write or
   * flush behind the one that failed. Closing it does nothing: the body is ended by {@link #end},
   * after a flush.
   */
  default OutputStream asOutputStream() {
    return new WriterStream(this);
  }

  /** The loop this body lives on. */
  Loop loop();
}
