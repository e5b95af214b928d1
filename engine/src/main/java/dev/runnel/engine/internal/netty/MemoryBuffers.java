package dev.runnel.engine.internal.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Buffers that are counted: who made each, until it is released. Known at once, where Netty's own
 * detection waits for the collector. Safe from any thread.
 */
final class MemoryBuffers {
  private final Map<ByteBuf, Throwable> live = new ConcurrentHashMap<>();
  private final ByteBufAllocator allocator = new Counted();

  /** What channels take their buffers from. */
  ByteBufAllocator allocator() {
    return allocator;
  }

  /** Where the buffers were made that nobody has released. */
  List<Throwable> left() {
    return new ArrayList<>(live.values());
  }

  private void made(ByteBuf buffer) {
    live.put(buffer, new Throwable("a buffer was made here and is not released"));
  }

  private final class Counted extends AbstractByteBufAllocator {
    Counted() {
      super(PlatformDependent.directBufferPreferred());
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      ByteBuf buffer = new Heap(this, initialCapacity, maxCapacity);
      made(buffer);
      return buffer;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      ByteBuf buffer = new Direct(this, initialCapacity, maxCapacity);
      made(buffer);
      return buffer;
    }
  }

  // Buffers are equal by content; here each is itself.

  private final class Heap extends UnpooledHeapByteBuf {
    Heap(ByteBufAllocator from, int initialCapacity, int maxCapacity) {
      super(from, initialCapacity, maxCapacity);
    }

    @Override
    protected void deallocate() {
      live.remove(this);
      super.deallocate();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final class Direct extends UnpooledDirectByteBuf {
    Direct(ByteBufAllocator from, int initialCapacity, int maxCapacity) {
      super(from, initialCapacity, maxCapacity);
    }

    @Override
    protected void deallocate() {
      live.remove(this);
      super.deallocate();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
