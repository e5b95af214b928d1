package dev.runnel.client;

/**
 * What a client has at the moment, over all places.
 *
 * @param connections that are open
 * @param idle connections without a call
 * @param calls on connections
 * @param waiting calls that wait for a connection
 * @param dialing connections that are being made
 */
public record PoolStats(int connections, int idle, int calls, int waiting, int dialing) {
  static final PoolStats NONE = new PoolStats(0, 0, 0, 0, 0);
}
