package dev.runnel.client;

import dev.runnel.io.Bytes;

/**
 * One content coding undone, step by step: it neither waits nor has a thread. Fed when it asks for
 * it, it gives what it was fed with in steps that the caller measures.
 */
interface StreamDecoder {
  /** Gives the next bytes of the coded body, after {@link #decode} has used up the ones before. */
  void feed(Bytes input);

  /**
   * Writes decoded bytes to the front of an array, as many as there are and fit.
   *
   * @return how many; 0 says that all input is used
   */
  int decode(byte[] out) throws CodingException;

  /** Whether the coded body may end here. Asked once, when it has ended and nothing is left. */
  boolean isComplete();

  /** How many bytes of the coded body were looked at. */
  long position();

  /** Frees what is not on the heap. May be called twice. */
  void close();
}
