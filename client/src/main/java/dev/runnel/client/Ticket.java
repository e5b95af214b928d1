package dev.runnel.client;

import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientTransport;
import org.jspecify.annotations.Nullable;

/** A call that wants a place on a connection. Told once, on any thread. */
interface Ticket {
  /** Any connection will do. */
  long ANY = Long.MIN_VALUE;

  /**
   * Only connections that were made since this time of the pools' clock will do; {@link #ANY} takes
   * all.
   */
  long notBefore();

  /** The loop it would like the connection to be on. */
  @Nullable Loop preferred();

  /** How long a connection that is made for it may take. */
  ClientTransport.Times dialTimes();

  /** It has a place; {@link Member#release} gives it back. */
  void granted(Member place);

  /** It gets none. */
  void refused(ClientException why);
}
