package dev.runnel.client;

import dev.runnel.transport.ClientConnection;

/** A connection in its pool, with what the pool knows of it. The fields are guarded by the pool. */
final class Member implements ClientConnection.Listener {
  final ClientConnection connection;
  final long openedAt;
  int leased;
  long calls;
  long idleSince;
  boolean retired;
  private final Pool pool;

  Member(Pool pool, ClientConnection connection, long now) {
    this.pool = pool;
    this.connection = connection;
    this.openedAt = now;
    this.idleSince = now;
  }

  boolean isUsable() {
    return !retired && connection.isUsable();
  }

  boolean hasRoom() {
    return isUsable() && leased < connection.callLimit();
  }

  /** Whether it is young enough. */
  boolean suits(Ticket ticket) {
    long since = ticket.notBefore();
    return since == Ticket.ANY || openedAt - since >= 0;
  }

  /** A call has ended, and its place is free. */
  void release() {
    pool.release(this);
  }

  @Override
  public void changed(ClientConnection changed) {
    pool.changed();
  }

  @Override
  public void closed(ClientConnection gone) {
    pool.closed(this);
  }
}
