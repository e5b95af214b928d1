package dev.runnel.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DroppingQueueTest {
  private final Out out = new Out();
  private final SendQueue queue = new SendQueue(out, Duration.ZERO, () -> {});
  private int dropped;

  private DroppingQueue of(SseOverflow policy) {
    return policy.waiting(queue, () -> dropped++);
  }

  private static ServerEvent event(String data) {
    return ServerEvent.of(data);
  }

  @Test
  void nothingIsDroppedWhileThereIsRoom() {
    DroppingQueue waiting = of(SseOverflow.dropOldest(1));
    for (int i = 0; i < 10; i++) {
      waiting.put(event("" + i));
    }
    assertThat(out.written).hasSize(10);
    assertThat(dropped).isZero();
  }

  @Test
  void theOldestGivesWay() {
    DroppingQueue waiting = of(SseOverflow.dropOldest(2));
    out.room = false;
    for (int i = 0; i < 6; i++) {
      waiting.put(event("" + i));
    }
    assertThat(out.written).as("the one that filled it").containsExactly("0");
    assertThat(queue.size()).isEqualTo(2);
    out.drain();
    assertThat(out.written).containsExactly("0", "4", "5");
    assertThat(dropped).isEqualTo(3);
  }

  @Test
  void placesAreFreeAgainWhenTheirEventsAreHandedOver() {
    DroppingQueue waiting = of(SseOverflow.dropOldest(2));
    out.room = false;
    List.of("0", "1", "2").forEach(data -> waiting.put(event(data)));
    out.wake(); // one more goes, and fills it again
    waiting.put(event("3"));
    assertThat(dropped).isZero();
    out.drain();
    assertThat(out.written).containsExactly("0", "1", "2", "3");
  }

  @Test
  void oneOfTheSameKeyIsReplacedAtItsPlace() {
    DroppingQueue waiting = of(SseOverflow.conflate(event -> event.data().substring(0, 1)));
    out.room = false;
    List.of("x", "a1", "b1", "a2", "b2", "c1", "a3").forEach(data -> waiting.put(event(data)));
    out.drain();
    assertThat(out.written).containsExactly("x", "a3", "b2", "c1");
    assertThat(dropped).isEqualTo(3);
  }

  @Test
  void aKeyIsForgottenWithItsEvent() {
    DroppingQueue waiting = of(SseOverflow.conflate(2, event -> event.data().substring(0, 1)));
    out.room = false;
    List.of("x", "a1", "b1", "c1", "a2").forEach(data -> waiting.put(event(data)));
    out.drain();
    assertThat(out.written).as("a1 and b1 gave way").containsExactly("x", "c1", "a2");
    assertThat(dropped).isEqualTo(2);
    out.room = false;
    List.of("y", "c2", "a3").forEach(data -> waiting.put(event(data)));
    out.drain();
    assertThat(out.written).endsWith("y", "c2", "a3");
  }

  @Test
  void noKeyIsLikeNoOther() {
    DroppingQueue waiting = of(SseOverflow.conflate(event -> null));
    out.room = false;
    List.of("x", "a", "a", "a").forEach(data -> waiting.put(event(data)));
    out.drain();
    assertThat(out.written).containsExactly("x", "a", "a", "a");
  }

  @Test
  void messagesOfOthersInTheQueueStay() {
    DroppingQueue waiting = of(SseOverflow.dropOldest(1));
    out.room = false;
    waiting.put(event("x"));
    queue.send(new SendQueue.Message(event("other").encoded()) {});
    waiting.put(event("1"));
    waiting.put(event("2"));
    out.drain();
    assertThat(out.written).containsExactly("x", "other", "2");
  }

  @Test
  void atLeastOneMustHaveAPlace() {
    assertThatThrownBy(() -> SseOverflow.dropOldest(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the capacity is 0");
  }

  @Test
  void whateverHappensEachEventIsWrittenOrCountedAndNeverMoreWaitThanThereArePlaces() {
    Random random = new Random(4);
    for (int round = 0; round < 2_000; round++) {
      out.written.clear();
      dropped = 0;
      int capacity = 1 + random.nextInt(4);
      boolean keyed = random.nextBoolean();
      DroppingQueue waiting =
          of(SseOverflow.conflate(capacity, e -> keyed ? e.data().charAt(0) : null));
      int put = 0;
      for (int step = 0; step < 30; step++) {
        switch (random.nextInt(4)) {
          case 0 -> out.room = random.nextBoolean();
          case 1 -> out.wake();
          default -> waiting.put(event((char) ('a' + random.nextInt(3)) + "" + put++));
        }
        assertThat(queue.size()).isLessThanOrEqualTo(capacity);
      }
      out.drain();
      assertThat(out.written).doesNotHaveDuplicates().hasSize(put - dropped);
    }
  }

  private static final class Out implements BodyWriter, Loop {
    final List<String> written = new ArrayList<>();
    boolean room = true;
    private @Nullable Runnable waker;

    /** There is room again, perhaps for one only. */
    void wake() {
      Runnable woken = waker;
      waker = null;
      if (woken != null) {
        woken.run();
      }
    }

    void drain() {
      room = true;
      wake();
    }

    @Override
    public boolean write(Bytes bytes) {
      written.add(bytes.utf8().replaceAll("data: |\n", ""));
      return room;
    }

    @Override
    public void commit() {}

    @Override
    public void onWritable(Runnable once) {
      waker = once;
    }

    @Override
    public void end(Headers trailers) {}

    @Override
    public Loop loop() {
      return this;
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
      throw new UnsupportedOperationException("no patience, no timer");
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }
}
