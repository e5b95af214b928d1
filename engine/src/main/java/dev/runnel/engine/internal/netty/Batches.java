package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The buffers in which the connections of a loop gather what they write. One that is sent is used
 * for the next batch of whatever connection in the same turn of the loop: most are sent at once,
 * and an allocator would give them memory that has left the cache (measured: 2 % of a plain
 * answer).
 */
final class Batches {
  private static final int LEAST = 512;
  private static final int MOST = 16 << 10;

  /** A larger one is not kept. */
  private static final int KEPT = 128 << 10;

  private int room = LEAST;
  private @Nullable ByteBuf spare; // one reference to it is ours

  /**
   * A buffer for a new batch. The connections of a loop are much alike, so it has the room that the
   * last batches took: one that is too small is copied each time it grows (measured: 5 % of the
   * time of pipelined answers).
   */
  ByteBuf begin(ByteBufAllocator allocator) {
    ByteBuf kept = spare;
    spare = null;
    if (kept != null) {
      if (kept.refCnt() == 1 && kept.capacity() >= room) {
        return kept.clear();
      }
      kept.release(); // the peer has not taken all of it yet
    }
    return allocator.ioBuffer(room);
  }

  /** A batch is about to be written, which gives one reference away. */
  void written(ByteBuf batch) {
    took(batch.readableBytes());
    if (spare == null && batch.capacity() <= KEPT) {
      spare = batch.retain();
    }
  }

  /** A larger one than before counts at once, smaller ones by and by. */
  private void took(int bytes) {
    int wanted = Math.min(MOST, Math.max(LEAST, bytes));
    room = wanted > room ? Math.min(MOST, wanted + wanted / 4) : room - (room - wanted) / 8;
  }

  /** Lets go of what is kept. */
  void clear() {
    if (spare != null) {
      spare.release();
      spare = null;
    }
  }
}
