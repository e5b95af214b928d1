package dev.runnel.benchmarks;

import java.io.IOException;

/**
 * A client that makes one request again and again, on one connection and on the caller's thread.
 */
interface Load extends AutoCloseable {
  /** Sends so many requests at once and takes their answers, all of which have to be 200. */
  void burst(int requests) throws IOException;

  @Override
  void close() throws IOException;
}
