package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryTest {
  private final LoopGroup<Object> group = new LoopGroup<>(new Hub<>(), new StepLoop());

  @Test
  void anEntryThatAllPassedIsCutOffFromThoseBefore() {
    Entry<Object> first = new Entry<>(null);
    Entry<Object> second = behind(first);
    Entry<Object> third = behind(second);
    second.pass();
    assertThat(first.next).isSameAs(second);
    second.pass();
    assertThat(first.next).isNull();
    assertThat(second.next).isSameAs(third);
  }

  @Test
  void whoHoldsAnEntryIsWaitedFor() {
    Broadcast<Object> broadcast = new Broadcast<>("x", null, Payload::of);
    Entry<Object> entry = new Entry<>(broadcast);
    entry.follow(new Entry<>(null), List.of(group));
    entry.hold();
    entry.pass();
    assertThat(broadcast.stage).isNotDone();
    entry.pass();
    assertThat(broadcast.stage).isCompleted();
    assertThat(entry.broadcast()).isNull();
  }

  @Test
  void aHubForgetsItsLastMessage() {
    StepLoop loop = new StepLoop();
    Hub<Object> hub = new Hub<>();
    loop.on(() -> hub.subscribe((message, payload) -> payload.get().bytes(), new Guest(loop)));
    WeakReference<Object> last = broadcast(hub);
    loop.run();
    for (int i = 0; i < 100 && last.get() != null; i++) {
      System.gc();
    }
    assertThat(last.refersTo(null)).isTrue();
    assertThat(hub.subscribers()).isEqualTo(1);
  }

  private static WeakReference<Object> broadcast(Hub<Object> hub) {
    Object message = new byte[] {'x'};
    hub.broadcast(message);
    return new WeakReference<>(message);
  }

  private Entry<Object> behind(Entry<Object> last) {
    Entry<Object> next = new Entry<>(null);
    next.follow(last, List.of(group, group));
    last.next = next;
    return next;
  }
}
