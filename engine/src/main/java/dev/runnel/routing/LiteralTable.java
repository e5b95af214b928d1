package dev.runnel.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a node by a part of the path, without cutting that part out. Open addressing, at most half
 * full. The keys are the developer's, so a client cannot make it slow.
 */
final class LiteralTable {
  private final @Nullable String[] keys;
  private final @Nullable Node[] nodes;
  private final int mask;
  private final int shift;

  LiteralTable(Map<String, Node> children) {
    int capacity = Integer.highestOneBit(Math.max(1, children.size())) * 4;
    mask = capacity - 1;
    shift = Integer.numberOfLeadingZeros(mask);
    keys = new String[capacity];
    nodes = new Node[capacity];
    children.forEach(this::put);
  }

  private void put(String key, Node node) {
    int slot = slot(key.hashCode());
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    nodes[slot] = node;
  }

  /** The node of this part of the path, or null. The hash is that of {@link String#hashCode()}. */
  @Nullable Node get(String path, int from, int until, int hash) {
    int slot = slot(hash);
    for (String key = keys[slot]; key != null; key = keys[slot]) {
      if (key.length() == until - from && path.startsWith(key, from)) {
        return nodes[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  /**
   * Multiplied by 2^32 over the golden ratio, of which the upper bits are taken (Knuth 6.4): names
   * that are numbered have hashes in rows, which would fill the slots in rows (measured: 10 times
   * the cost of a look-up at 10,000).
   */
  private int slot(int hash) {
    return (hash * 0x9E3779B9) >>> shift;
  }
}
