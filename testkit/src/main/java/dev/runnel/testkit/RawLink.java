package dev.runnel.testkit;

import org.jspecify.annotations.Nullable;

/** The client's end of a connection of raw bytes. */
interface RawLink {
  /** Sends; what there is no room for goes when there is. */
  void send(byte[] bytes);

  /** What came and was not polled, or null. */
  byte @Nullable [] poll();

  /** Says who is told, on the loop, that something came; nobody is, where the loop is another's. */
  default void whenCame(Runnable told) {}

  /** Whether the server ended its half, or the connection is reset. */
  boolean ended();

  /** Whether the connection was reset. */
  boolean wasReset();

  /** How many bytes wait for room. */
  int unsent();

  /** Takes bytes from the wire, or leaves them there. */
  void reading(boolean on);

  void halfClose();

  void vanish();

  void close();
}
