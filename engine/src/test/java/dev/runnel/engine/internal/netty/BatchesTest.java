package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final Batches batches = new Batches();

  @AfterEach
  void nothingIsLeft() {
    batches.clear();
    assertThat(allocator.metric().usedHeapMemory()).as("bytes that nobody released").isZero();
    assertThat(allocator.metric().usedDirectMemory()).as("the same, off the heap").isZero();
  }

  private ByteBuf begin() {
    return batches.begin(allocator);
  }

  /** Writes a batch of so many bytes, which the socket takes at once. */
  private ByteBuf send(int bytes) {
    ByteBuf batch = begin();
    batch.writeZero(bytes);
    batches.written(batch);
    batch.release();
    return batch;
  }

  private int room() {
    batches.clear();
    ByteBuf batch = begin();
    int capacity = batch.capacity();
    batch.release();
    return capacity;
  }

  @Test
  void beginsSmall() {
    assertThat(room()).isEqualTo(512);
  }

  @Test
  void aBufferThatIsSentIsUsedAgain() {
    ByteBuf first = send(100);
    ByteBuf second = begin();
    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    second.release();
  }

  @Test
  void aBufferThatIsNotSentIsLeftAlone() {
    ByteBuf slow = begin();
    slow.writeInt(42);
    batches.written(slow);
    ByteBuf next = begin();
    assertThat(next).isNotSameAs(slow);
    next.writeInt(43);
    assertThat(slow.getInt(0)).isEqualTo(42);
    assertThat(slow.refCnt()).as("its writer's alone").isEqualTo(1);
    slow.release();
    next.release();
  }

  @Test
  void twoAtATimeAreTwo() {
    send(100);
    ByteBuf one = begin();
    ByteBuf other = begin();
    assertThat(one).isNotSameAs(other);
    batches.written(one);
    batches.written(other);
    assertThat(other.refCnt()).as("one is kept").isEqualTo(1);
    one.release();
    other.release();
  }

  @Test
  void enormousOnesAreNotKept() {
    assertThat(send(1 << 20).refCnt()).isZero();
  }

  @Test
  void aLargeBatchCountsAtOnce() {
    send(2_080);
    assertThat(room()).isBetween(2_080, 4_096);
  }

  @Test
  void batchesOfOneSizeKeepTheirRoom() {
    for (int i = 0; i < 1_000; i++) {
      send(2_080);
      assertThat(room()).isBetween(2_080, 4_096);
    }
  }

  @Test
  void smallOnesTakeItBackByAndBy() {
    send(10_000);
    send(100);
    assertThat(room()).isGreaterThan(8_000);
    for (int i = 0; i < 100; i++) {
      send(100);
    }
    assertThat(room()).isLessThan(600);
  }

  @Test
  void oneThatIsEnormousIsNotTheMeasure() {
    send(1 << 20);
    assertThat(room()).isEqualTo(16 << 10);
  }
}
