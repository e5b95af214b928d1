package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import dev.runnel.server.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** 8 threads broadcast to 1,000 subscribers on 4 loops, some of which take nothing or vanish. */
class HubStressTest {
  private static final int THREADS = 8;
  private static final int LOOPS = 4;
  private static final int GUESTS = 1000;
  private static final int EACH = 250;
  private static final int ALL = THREADS * EACH;
  private static final int QUEUE = 256;
  private static final HubOptions<String> OPTIONS = HubOptions.defaults();

  private final List<ThreadLoop> loops = new ArrayList<>();
  private final AtomicInteger encoded = new AtomicInteger();
  private final Hub<String> hub = new Hub<>(OPTIONS);
  private final Format<String> format =
      (message, payload) -> {
        encoded.incrementAndGet();
        return payload.get().bytes();
      };

  private final List<Guest> free = new ArrayList<>();
  private final List<Guest> slow = new ArrayList<>();
  private final List<Guest> closed = new ArrayList<>();
  private final List<Guest> dropping = new ArrayList<>();
  private final List<Guest> conflating = new ArrayList<>();
  private final List<Guest> vanishing = new ArrayList<>();
  private final List<Guest> passing = new ArrayList<>();

  @AfterEach
  void close() {
    loops.forEach(ThreadLoop::close);
  }

  @Test
  void orderBoundsAndCountersHoldUnderLoad() throws Exception {
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new ThreadLoop());
    }
    for (int i = 0; i < GUESTS; i++) {
      join(i, loops.get(i % LOOPS));
    }
    List<CompletableFuture<Void>> work = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      work.add(CompletableFuture.runAsync(() -> talk(thread), HubStressTest::start));
    }
    for (int i = 0; i < 400; i++) {
      passBy(loops.get(i % LOOPS));
    }
    for (CompletableFuture<Void> done : work) {
      Eventually.getOfMany(done, "a thread to have said all");
    }
    loops.forEach(loop -> loop.on(() -> {}));
    verify();
  }

  private void verify() {
    List<String> course = free.get(0).texts();
    assertThat(course).hasSize(ALL);
    assertThat(encoded).hasValue(ALL);
    for (int i = 0; i < THREADS; i++) {
      String prefix = i + ":";
      assertThat(course.stream().filter(text -> text.startsWith(prefix)))
          .containsExactlyElementsOf(sentBy(i));
    }
    List<Bytes> bytes = free.get(0).written;
    assertThat(free).allSatisfy(guest -> assertThat(isSame(guest.written, bytes)).isTrue());
    assertThat(slow).allSatisfy(guest -> assertThat(isSame(guest.written, bytes)).isTrue());
    assertThat(vanishing)
        .allSatisfy(guest -> assertThat(isSame(guest.written, bytes.subList(0, 500))).isTrue());
    assertThat(passing).allSatisfy(guest -> assertThat(isPart(guest.written, bytes)).isTrue());
    assertThat(closed)
        .allSatisfy(
            guest -> {
              assertThat(guest.tooSlow).isEqualTo(1);
              assertThat(guest.written).isEmpty();
              assertThat(guest.queue().size()).isZero();
            });
    verifyLeftovers(course, bytes);
    verifyCounters();
  }

  private void verifyLeftovers(List<String> course, List<Bytes> bytes) {
    for (Guest guest : dropping) {
      assertThat(guest.queue().size()).isEqualTo(QUEUE);
      guest.loop().execute(guest::open);
    }
    for (Guest guest : conflating) {
      assertThat(guest.queue().size()).isEqualTo(THREADS);
      guest.loop().execute(guest::open);
    }
    loops.forEach(loop -> loop.on(() -> {}));
    List<Bytes> newest = bytes.subList(ALL - QUEUE, ALL);
    assertThat(dropping).allSatisfy(guest -> assertThat(isSame(guest.written, newest)).isTrue());
    List<String> firstSeen = course.stream().map(text -> text.substring(0, 1)).distinct().toList();
    List<String> last = firstSeen.stream().map(sender -> sender + ":" + (EACH - 1)).toList();
    assertThat(conflating).allSatisfy(guest -> assertThat(guest.texts()).isEqualTo(last));
  }

  private void verifyCounters() {
    long delivered = 0;
    for (List<Guest> guests : List.of(free, slow, dropping, conflating, vanishing, passing)) {
      delivered += guests.stream().mapToLong(guest -> guest.written.size()).sum();
    }
    long dropped =
        closed.size() * (QUEUE + 1L)
            + dropping.size() * (long) (ALL - QUEUE)
            + conflating.size() * (long) (ALL - THREADS);
    int left = free.size() + slow.size() + dropping.size() + conflating.size();
    assertThat(hub.stats()).isEqualTo(new HubStats(left, ALL, delivered, dropped, closed.size()));
  }

  private void join(int number, ThreadLoop loop) {
    switch (number % 10) {
      case 0 -> join(Guest.stuck(loop), closed, OPTIONS);
      case 1 -> join(Guest.stuck(loop), dropping, OPTIONS.withOverflow(Overflow.DROP_OLDEST));
      case 2 -> join(Guest.stuck(loop), conflating, OPTIONS.withConflation(s -> s.charAt(0)));
      case 3 -> {
        Guest guest = Guest.stuck(loop);
        guest.onWrite = () -> loop.execute(guest::takeOne);
        join(guest, slow, OPTIONS.withOverflow(Overflow.SUSPEND));
        loop.execute(guest::takeOne);
      }
      case 4 -> {
        Guest guest = new Guest(loop);
        guest.onWrite =
            () -> {
              if (guest.written.size() == 500) {
                guest.queue().fail(new IllegalStateException("client gone"));
              }
            };
        join(guest, vanishing, OPTIONS);
      }
      default -> join(new Guest(loop), free, OPTIONS);
    }
  }

  private void join(Guest guest, List<Guest> kind, HubOptions<String> options) {
    kind.add(guest);
    ((ThreadLoop) guest.loop()).on(() -> hub.subscribe(format, guest, options));
  }

  /** Comes while others talk, and leaves again. */
  private void passBy(ThreadLoop loop) {
    Guest guest = new Guest(loop);
    passing.add(guest);
    CompletableFuture<Subscription> in = new CompletableFuture<>();
    loop.execute(() -> in.complete(hub.subscribe(format, guest)));
    in.orTimeout(Eventually.CROWD_PATIENCE.toSeconds(), TimeUnit.SECONDS).join().leave();
  }

  private void talk(int thread) {
    CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    for (String message : sentBy(thread)) {
      last = hub.broadcast(message).toCompletableFuture();
    }
    last.orTimeout(Eventually.CROWD_PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static List<String> sentBy(int thread) {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      messages.add(thread + ":" + i);
    }
    return messages;
  }

  private static boolean isSame(List<Bytes> some, List<Bytes> others) {
    return some.size() == others.size() && (some.isEmpty() || isPart(some, others));
  }

  /** Whether these very objects stand there in one run: encoded once, nothing lost in between. */
  private static boolean isPart(List<Bytes> some, List<Bytes> all) {
    if (some.isEmpty()) {
      return true;
    }
    int at = 0;
    while (at < all.size() && !isOne(all.get(at), some.get(0))) {
      at++;
    }
    for (int i = 0; i < some.size(); i++) {
      if (at + i >= all.size() || !isOne(all.get(at + i), some.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOne(Object one, Object other) {
    return one == other;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "hub-test-broadcaster");
    thread.setDaemon(true);
    thread.start();
  }
}
