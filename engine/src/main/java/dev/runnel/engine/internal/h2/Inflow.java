package dev.runnel.engine.internal.h2;

import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes of one stream that nobody took yet, in one array: thousands of tiny frames cost no
 * more than their bytes.
 */
final class Inflow {
  private byte @Nullable [] bytes;
  private int until;

  void add(ByteBuf in, int length) {
    byte[] held = bytes;
    if (held == null) {
      held = new byte[length];
    } else if (until + length > held.length) {
      held = Arrays.copyOf(held, Math.max(until + length, 2 * until));
    }
    in.readBytes(held, until, length);
    bytes = held;
    until += length;
  }

  int size() {
    return until;
  }

  /** All of them, or null. */
  @Nullable Bytes take() {
    byte[] held = bytes;
    if (held == null) {
      return null;
    }
    int length = until;
    bytes = null;
    until = 0;
    return Bytes.Unsafe.wrap(held).slice(0, length);
  }
}
