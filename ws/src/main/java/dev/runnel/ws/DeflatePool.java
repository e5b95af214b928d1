package dev.runnel.ws;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one loop use in turn, one message at a time: a compressor of each kind that
 * was asked for, an expander, and a buffer. At most one of each waits here; more exist only while
 * several sessions are in the middle of a message that comes in parts.
 */
final class DeflatePool {
  /** Bytes of a buffer, and so of what an expander gives at a time. */
  static final int BUFFER = 16 << 10;

  private static final ThreadLocal<DeflatePool> HERE = ThreadLocal.withInitial(DeflatePool::new);

  private final Map<Compressor.Kind, Compressor> compressors = new HashMap<>();
  private @Nullable Expander expander;
  private byte @Nullable [] buffer;

  private DeflatePool() {}

  /** The pool of this thread, which is a loop. */
  static DeflatePool here() {
    return HERE.get();
  }

  Compressor compressor(Compressor.Kind kind) {
    Compressor waiting = compressors.remove(kind);
    return waiting == null ? kind.open() : waiting;
  }

  /** Takes back a compressor that may be anywhere in a message. */
  void give(Compressor used) {
    if (compressors.containsKey(used.kind())) {
      used.end();
    } else {
      used.reset();
      compressors.put(used.kind(), used);
    }
  }

  Expander expander() {
    Expander waiting = expander;
    expander = null;
    return waiting == null ? new Expander() : waiting;
  }

  /** Takes back an expander that may be anywhere in a message. */
  void give(Expander used) {
    if (expander == null) {
      used.reset();
      expander = used;
    } else {
      used.end();
    }
  }

  byte[] buffer() {
    byte[] waiting = buffer;
    buffer = null;
    return waiting == null ? new byte[BUFFER] : waiting;
  }

  void give(byte[] used) {
    buffer = used;
  }

  /** Ends what waits here. */
  void clear() {
    compressors.values().forEach(Compressor::end);
    compressors.clear();
    if (expander != null) {
      expander.end();
      expander = null;
    }
    buffer = null;
  }
}
