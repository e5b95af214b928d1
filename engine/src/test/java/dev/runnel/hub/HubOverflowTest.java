package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HubOverflowTest {
  private static final HubOptions<String> THREE = HubOptions.<String>defaults().withQueue(3);

  private final StepLoop loop = new StepLoop();
  private final Guest stuck = Guest.stuck(loop);
  private final Guest other = new Guest(loop);

  @Test
  void theDefaultIs256MessagesAndToCloseTheSlow() {
    HubOptions<String> defaults = HubOptions.defaults();
    assertThat(defaults.queue()).isEqualTo(256);
    assertThat(defaults.overflow()).isEqualTo(Overflow.CLOSE_SLOW);
    Hub<String> hub = hub(defaults);
    broadcast(hub, numbers(256));
    assertThat(stuck.tooSlow).isZero();
    assertThat(stuck.queue().size()).isEqualTo(256);
    broadcast(hub, "256");
    assertThat(stuck.tooSlow).isEqualTo(1);
  }

  @Test
  void closeSlowClosesAndTakesBackWhatWaits() {
    Hub<String> hub = hub(THREE);
    broadcast(hub, "a", "b", "c");
    assertThat(stuck.tooSlow).isZero();
    CompletableFuture<Void> last = broadcast(hub, "d");
    assertThat(last).isCompleted();
    assertThat(stuck.tooSlow).isEqualTo(1);
    assertThat(stuck.queue().size()).isZero();
    assertThat(other.texts()).containsExactly("a", "b", "c", "d");
    assertThat(hub.stats()).isEqualTo(new HubStats(1, 4, 4, 4, 1));
    broadcast(hub, "e");
    assertThat(stuck.tooSlow).isEqualTo(1);
  }

  @Test
  void theFarewellOfASlowOneComesBeforeWhatItDidNotTake() {
    Guest polite =
        new Guest(loop) {
          @Override
          public void tooSlow() {
            queue().send(new Plain("1008"));
          }
        };
    polite.room = false;
    Hub<String> hub = new Hub<>(THREE);
    loop.on(() -> hub.subscribe(Guest.PLAIN, polite));
    broadcast(hub, "first", "a", "b", "c", "d");
    polite.open();
    assertThat(polite.texts()).containsExactly("first", "1008");
  }

  @Test
  void oneThatCannotBeClosedKeepsNothingFromOthers() {
    Guest stubborn =
        new Guest(loop) {
          @Override
          public void tooSlow() {
            throw new IllegalStateException("not now");
          }
        };
    stubborn.room = false;
    Hub<String> hub = hub(THREE);
    loop.on(() -> hub.subscribe(Guest.PLAIN, stubborn));
    broadcast(hub, numbers(10));
    assertThat(other.texts()).hasSize(10);
    assertThat(hub.stats().closedSlow()).isEqualTo(2);
    assertThat(hub.subscribers()).isEqualTo(1);
  }

  @Test
  void dropOldestKeepsTheNewest() {
    Hub<String> hub = hub(THREE.withOverflow(Overflow.DROP_OLDEST));
    broadcast(hub, "a", "b", "c", "d", "e");
    stuck.open();
    assertThat(stuck.texts()).containsExactly("c", "d", "e");
    assertThat(other.texts()).containsExactly("a", "b", "c", "d", "e");
    assertThat(hub.stats()).isEqualTo(new HubStats(2, 5, 8, 2, 0));
  }

  @Test
  void messagesOfOthersInTheQueueNeitherCountNorGo() {
    Hub<String> hub = hub(THREE.withOverflow(Overflow.DROP_OLDEST));
    Hub<String> neighbour = new Hub<>(THREE);
    loop.on(() -> neighbour.subscribe(Guest.PLAIN, stuck));
    stuck.queue().send(new Plain("own"));
    broadcast(neighbour, "n1", "n2", "n3");
    broadcast(hub, "a", "b", "c", "d");
    stuck.open();
    assertThat(stuck.texts()).containsExactly("own", "n1", "n2", "n3", "b", "c", "d");
    assertThat(neighbour.stats().dropped()).isZero();
  }

  @Test
  void conflateReplacesInPlace() {
    Hub<String> hub = hub(THREE.withConflation(s -> s.charAt(0)));
    broadcast(hub, "a1", "b1", "a2", "a3");
    stuck.open();
    assertThat(stuck.texts()).containsExactly("a3", "b1");
    assertThat(other.texts()).containsExactly("a1", "b1", "a2", "a3");
    assertThat(hub.stats().dropped()).isEqualTo(2);
  }

  @Test
  void conflateDropsTheOldestWhenNoKeyIsEqual() {
    Hub<String> hub = hub(THREE.withConflation(s -> s.charAt(0)));
    broadcast(hub, "a1", "b1", "c1", "d1", "a2", "b2", "d2");
    stuck.open();
    assertThat(stuck.texts()).containsExactly("d2", "a2", "b2");
    assertThat(hub.stats().dropped()).isEqualTo(4);
  }

  @Test
  void whatWasHandedOverIsNotReplaced() {
    Hub<String> hub = hub(THREE.withConflation(s -> s.charAt(0)));
    broadcast(hub, "a1");
    stuck.takeOne();
    broadcast(hub, "a2", "a3");
    stuck.open();
    assertThat(stuck.texts()).containsExactly("a1", "a3");
  }

  @Test
  void messagesWithoutAKeyStandForThemselves() {
    Hub<String> hub = hub(THREE.withConflation(s -> s.startsWith("-") ? null : s.charAt(0)));
    broadcast(hub, "-1", "-2", "a1", "a2", "-3");
    stuck.open();
    assertThat(stuck.texts()).containsExactly("-2", "a2", "-3");
  }

  @Test
  void aKeyThatThrowsFailsTheBroadcastOnly() {
    Hub<String> hub = hub(THREE.withConflation(s -> s.charAt(1)));
    CompletableFuture<Void> sent = broadcast(hub, "x");
    assertThat(sent)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(StringIndexOutOfBoundsException.class);
    stuck.open();
    assertThat(stuck.texts()).isEmpty();
    assertThat(other.texts()).containsExactly("x");
    assertThat(hub.subscribers()).isEqualTo(2);
  }

  @Test
  void suspendLetsTheBroadcasterWaitAndNobodyElse() {
    Hub<String> hub = hub(THREE.withOverflow(Overflow.SUSPEND));
    assertThat(broadcast(hub, "a", "b", "c")).isCompleted();
    CompletableFuture<Void> d = broadcast(hub, "d");
    CompletableFuture<Void> e = broadcast(hub, "e");
    assertThat(other.texts()).containsExactly("a", "b", "c", "d", "e");
    assertThat(stuck.queue().size()).isEqualTo(3);
    assertThat(d).isNotDone();
    stuck.takeOne();
    assertThat(d).isCompleted();
    assertThat(e).isNotDone();
    stuck.takeOne();
    assertThat(e).isCompleted();
    stuck.open();
    assertThat(stuck.texts()).containsExactly("a", "b", "c", "d", "e");
    assertThat(hub.stats()).isEqualTo(new HubStats(2, 5, 10, 0, 0));
  }

  @Test
  void whatIsSuspendedKeepsItsPlaceBeforeWhatComes() {
    Hub<String> hub = hub(THREE.withOverflow(Overflow.SUSPEND));
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    stuck.onWrite =
        () -> {
          if (stuck.written.size() == 1) {
            sent.add(hub.broadcast("late").toCompletableFuture());
          }
        };
    broadcast(hub, "a", "b", "c", "d", "e");
    stuck.open();
    loop.run();
    assertThat(stuck.texts()).containsExactly("a", "b", "c", "d", "e", "late");
    assertThat(sent.get(0)).isCompleted();
  }

  @Test
  void aLongWaitTakesNoStack() {
    Hub<String> hub = hub(THREE.withOverflow(Overflow.SUSPEND));
    CompletableFuture<Void> last = broadcast(hub, numbers(100_000));
    assertThat(last).isNotDone();
    stuck.open();
    assertThat(last).isCompleted();
    assertThat(stuck.texts()).isEqualTo(List.of(numbers(100_000)));
  }

  @Test
  void nobodyWaitsForOneThatLeftOrIsOver() {
    Hub<String> hub = hub(THREE.withOverflow(Overflow.SUSPEND));
    Guest second = Guest.stuck(loop);
    List<Subscription> left = new ArrayList<>();
    loop.on(() -> left.add(hub.subscribe(Guest.PLAIN, second)));
    CompletableFuture<Void> last = broadcast(hub, numbers(5));
    loop.on(() -> left.get(0).leave());
    assertThat(last).isNotDone();
    stuck.queue().fail(new IllegalStateException("client gone"));
    assertThat(last).isCompleted();
    second.open();
    assertThat(second.texts()).containsExactly("0", "1", "2");
  }

  @Test
  void aSubscriberMayHaveItsOwnOverflow() {
    Hub<String> hub = new Hub<>(THREE);
    Guest dropping = Guest.stuck(loop);
    HubOptions<String> own = THREE.withQueue(1).withOverflow(Overflow.DROP_OLDEST);
    loop.on(() -> hub.subscribe(Guest.PLAIN, stuck));
    loop.on(() -> hub.subscribe(Guest.PLAIN, dropping, own));
    broadcast(hub, "a", "b", "c", "d");
    assertThat(stuck.tooSlow).isEqualTo(1);
    dropping.open();
    assertThat(dropping.texts()).containsExactly("d");
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void whatWaitsIsBoundedAndInOrder(Overflow overflow) {
    Hub<String> hub =
        hub(THREE.withQueue(10).withConflation(s -> s.length()).withOverflow(overflow));
    for (int i = 0; i < 200; i++) {
      broadcast(hub, Integer.toString(i));
      assertThat(stuck.queue().size()).isLessThanOrEqualTo(10);
      if (i % 3 == 0) {
        stuck.takeOne();
      }
    }
    stuck.open();
    if (overflow != Overflow.CONFLATE) { // a newer one in an older one's place
      assertThat(stuck.written.stream().map(b -> Integer.parseInt(b.utf8()))).isSorted();
    }
    HubStats stats = hub.stats();
    long lost = stats.closedSlow() > 0 ? 200 - stuck.written.size() : stats.dropped();
    assertThat(stuck.written.size() + lost).isEqualTo(200);
    assertThat(stats.delivered()).isEqualTo(200L + stuck.written.size());
  }

  @Test
  void optionsThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> THREE.withQueue(0)).hasMessageContaining("out of range: 0");
    assertThatThrownBy(() -> THREE.withQueue(65_537)).hasMessageContaining("out of range: 65537");
    assertThatThrownBy(() -> THREE.withOverflow(Overflow.CONFLATE))
        .hasMessageContaining("withConflation(key)");
  }

  private Hub<String> hub(HubOptions<String> options) {
    Hub<String> hub = new Hub<>(options);
    loop.on(
        () -> {
          hub.subscribe(Guest.PLAIN, stuck);
          hub.subscribe(Guest.PLAIN, other);
        });
    return hub;
  }

  /** Sends all of them, has them delivered, and gives the last one's stage. */
  private CompletableFuture<Void> broadcast(Hub<String> hub, String... messages) {
    CompletableFuture<Void> last = new CompletableFuture<>();
    for (String message : messages) {
      last = hub.broadcast(message).toCompletableFuture();
    }
    loop.run();
    return last;
  }

  private static String[] numbers(int count) {
    String[] numbers = new String[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Integer.toString(i);
    }
    return numbers;
  }

  private static final class Plain extends SendQueue.Message {
    Plain(String text) {
      super(Bytes.utf8(text));
    }
  }
}
