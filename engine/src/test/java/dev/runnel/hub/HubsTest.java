package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.server.Eventually;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HubsTest {
  private final Hubs<String> hubs = new Hubs<>();
  private final StepLoop loop = new StepLoop();

  @Test
  void aNameIsOneHub() {
    Hub<String> a = hubs.hub("a");
    Hub<String> b = hubs.hub("b");
    assertThat(hubs.hub("a")).isSameAs(a).isNotSameAs(b).hasToString("Hub(a)");
    assertThat(hubs.names()).containsExactly("a", "b");
    assertThat(hubs.hub("b")).isSameAs(b);
  }

  @Test
  void theOptionsAreThoseOfEachHub() {
    Hubs<String> small = new Hubs<>(HubOptions.<String>defaults().withQueue(1));
    Guest stuck = Guest.stuck(loop);
    Hub<String> hub = small.hub("a");
    loop.on(() -> hub.subscribe(Guest.PLAIN, stuck));
    hub.broadcast("x");
    hub.broadcast("y");
    loop.run();
    assertThat(stuck.tooSlow).isEqualTo(1);
  }

  @Test
  void aHubThatNobodyHoldsIsForgotten() {
    Reference<Hub<String>> room = room("a");
    collected(room);
    assertThat(hubs.names()).isEmpty();
    assertThat(hubs.hub("a")).isNotNull();
    assertThat(hubs.reference("a")).isNotSameAs(room);
  }

  @Test
  void aHubWithSubscribersIsNotForgotten() {
    Guest guest = new Guest(loop);
    loop.on(() -> hubs.hub("a").subscribe(Guest.PLAIN, guest));
    Reference<Hub<String>> room = room("a");
    collected(room("other"));
    assertThat(room.get()).isNotNull();
    hubs.hub("a").broadcast("x");
    loop.run();
    assertThat(guest.texts()).containsExactly("x");
    guest.queue().fail(new IllegalStateException("client gone"));
    collected(room);
  }

  @Test
  void subscribersHoldTheirHubEvenIfNobodyHoldsThem() {
    loop.on(() -> hubs.hub("a").subscribe(Guest.PLAIN, new Guest(loop)));
    loop.run(); // the loop has nothing to do with them any more
    Reference<Hub<String>> room = room("a");
    collected(room("other"));
    assertThat(room.get()).isNotNull();
  }

  @Test
  void whoLeftDoesNotHoldTheHub() {
    Guest guest = new Guest(loop);
    Reference<Hub<String>> room = visit(guest);
    loop.run();
    collected(room);
    assertThat(guest.queue().isFree()).isTrue();
  }

  @Test
  void namesOfForgottenHubsTakeNoRoom() {
    List<Reference<Hub<String>>> rooms = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      rooms.add(room("room " + i));
    }
    for (Reference<Hub<String>> room : rooms) {
      collect(room);
    }
    Hub<String> next = hubs.hub("next");
    assertThat(hubs.size()).isEqualTo(1);
    assertThat(hubs.names()).containsExactly("next");
    assertThat(hubs.hub("next")).isSameAs(next);
  }

  @Test
  void theEndOfAnOldHubIsNotThatOfTheNewOneOfItsName() {
    Reference<Hub<String>> old = room("a");
    old.clear(); // the collector found it, and tells us later
    Hub<String> fresh = hubs.hub("a");
    old.enqueue();
    assertThat(hubs.hub("a")).isSameAs(fresh);
    assertThat(hubs.size()).isEqualTo(1);
  }

  @Test
  void aNameIsOneHubForAllThreads() throws Exception {
    int threads = 8;
    for (int round = 0; round < 200; round++) {
      String name = "room " + round;
      if (round % 2 == 0) {
        room(name).clear(); // a forgotten one is in the way
      }
      CyclicBarrier together = new CyclicBarrier(threads);
      List<CompletableFuture<Hub<String>>> got = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        got.add(
            CompletableFuture.supplyAsync(
                () -> at(together, name), task -> new Thread(task).start()));
      }
      Set<Hub<String>> different = Collections.newSetFromMap(new IdentityHashMap<>());
      for (CompletableFuture<Hub<String>> hub : got) {
        different.add(Eventually.get(hub, "a hub"));
      }
      assertThat(different).hasSize(1);
    }
  }

  @Test
  void roomsThatComeAndGoAreNeverSplit() throws Exception {
    try (ThreadLoop one = new ThreadLoop();
        ThreadLoop two = new ThreadLoop()) {
      for (int round = 0; round < 2000; round++) {
        Guest a = new Guest(one);
        Guest b = new Guest(two);
        one.execute(() -> hubs.hub("a").subscribe(Guest.PLAIN, a));
        two.on(() -> hubs.hub("a").subscribe(Guest.PLAIN, b));
        one.on(() -> {});
        assertThat(hubs.hub("a").subscribers()).isEqualTo(2);
        one.on(() -> a.queue().fail(new IllegalStateException("client gone")));
        two.on(() -> b.queue().fail(new IllegalStateException("client gone")));
        collect(room("a"));
      }
    }
  }

  private Hub<String> at(CyclicBarrier together, String name) {
    try {
      together.await(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return hubs.hub(name);
  }

  private Reference<Hub<String>> visit(Guest guest) {
    loop.on(() -> hubs.hub("a").subscribe(Guest.PLAIN, guest).leave());
    return room("a");
  }

  private Reference<Hub<String>> room(String name) {
    Hub<String> hub = hubs.hub(name);
    Reference<Hub<String>> reference = Objects.requireNonNull(hubs.reference(name));
    assertThat(reference.refersTo(hub)).isTrue(); // held until here
    return reference;
  }

  /** What the collector does once nobody holds the hub. */
  private static void collect(Reference<Hub<String>> room) {
    room.clear();
    room.enqueue();
  }

  /** Has the collector prove that nobody holds the hub; a full collection clears what is weak. */
  private static void collected(Reference<Hub<String>> room) {
    for (int i = 0; i < 100 && room.get() != null; i++) {
      System.gc();
    }
    assertThat(room.refersTo(null)).isTrue();
  }
}
