package dev.runnel.transport;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of hosts. May be asked from any thread, and must not block. */
@FunctionalInterface
public interface Resolver {
  /**
   * The addresses of a host, in the order to be tried; a failure or an empty list says that it has
   * none. Address literals are never asked for.
   */
  CompletionStage<List<InetAddress>> resolve(String host);
}
