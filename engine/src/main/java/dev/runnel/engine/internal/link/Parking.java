package dev.runnel.engine.internal.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What was received and not used yet. Holds no buffer while there is nothing. */
public final class Parking {
  private @Nullable ByteBuf parked;

  /** Adds received bytes, and takes their buffer over. */
  public void add(ByteBuf in) {
    ByteBuf before = parked;
    if (before == null) {
      parked = in;
    } else if (!before.isReadable()) {
      before.release();
      parked = in;
    } else {
      before.discardSomeReadBytes();
      parked = joined(before, in);
    }
  }

  private static ByteBuf joined(ByteBuf first, ByteBuf second) {
    ByteBuf whole = first;
    if (first.maxWritableBytes() < second.readableBytes()) {
      // A buffer that cannot grow: not every transport reads into one that can.
      whole = first.alloc().buffer(first.readableBytes() + second.readableBytes());
      whole.writeBytes(first);
      first.release();
    }
    whole.writeBytes(second);
    second.release();
    return whole;
  }

  /** The bytes, or null. */
  public @Nullable ByteBuf bytes() {
    return parked;
  }

  /** The bytes, or null; they are the caller's from here on. */
  public @Nullable ByteBuf take() {
    ByteBuf taken = parked;
    parked = null;
    return taken;
  }

  /** How many there are. */
  public int size() {
    return parked == null ? 0 : parked.readableBytes();
  }

  /** Moves the bytes to the heap: whoever is to use them may never do so. */
  public void unpool() {
    ByteBuf before = parked;
    if (before != null) {
      parked = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(before));
      before.release();
    }
  }

  /** Gives the buffer back, with whatever is left in it. */
  public void clear() {
    if (parked != null) {
      parked.release();
      parked = null;
    }
  }
}
