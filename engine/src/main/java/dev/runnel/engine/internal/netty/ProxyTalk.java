package dev.runnel.engine.internal.netty;

import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;

/**
 * What is said to a proxy until it carries our bytes; knows no connection. Its answers are read
 * strictly: whoever takes half an answer for a whole one sends secrets to a place that nobody asked
 * for.
 */
abstract class ProxyTalk {
  static final byte[] NOTHING = {};

  private boolean done;

  /** What we say first. */
  abstract byte[] opening();

  /**
   * Takes one answer out of what came, if it is whole, and no byte behind it.
   *
   * @return what we say to it; empty for nothing
   * @throws ClientException if the proxy refuses, or does not speak its protocol
   */
  abstract byte[] answer(ByteBuf in);

  /** Whether from here on every byte is the server's. */
  boolean isDone() {
    return done;
  }

  void done() {
    done = true;
  }

  static ClientException refused(String message) {
    return new ClientException(Reason.PROXY, message, true, null);
  }
}
