package dev.runnel.transport.memory;

import dev.runnel.engine.internal.netty.MemoryHeaders;
import java.util.List;

/**
 * Decodes the header blocks that one side of an HTTP/2 connection sends (HPACK, RFC 7541), for
 * tools that look at frames. It keeps the dynamic table: each block is to be decoded, in its order.
 * Fields are not checked. For one thread.
 */
public final class HeaderBlocks {
  private final MemoryHeaders headers = new MemoryHeaders();

  /** The blocks of a connection that begins. */
  public HeaderBlocks() {}

  /**
   * Names and values in turn, in the order in which they stand.
   *
   * @param stream whose block it is, for the message of a failure
   * @throws IllegalArgumentException if HPACK cannot decode the block
   */
  public List<String> decode(int stream, byte[] block) {
    return headers.decode(stream, block);
  }
}
