package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HubTest {
  private final StepLoop left = new StepLoop();
  private final StepLoop right = new StepLoop();
  private final Hub<String> hub = new Hub<>();
  private final List<Subscription> subscriptions = new ArrayList<>();

  @Test
  void everySubscriberGetsEveryMessage() {
    Guest a = join(left);
    Guest b = join(left);
    Guest c = join(right);
    CompletableFuture<Void> sent = broadcast("x");
    broadcast("y");
    assertThat(sent).isNotDone();
    left.run();
    assertThat(sent).isNotDone();
    right.run();
    assertThat(sent).isCompleted();
    assertThat(List.of(a.texts(), b.texts(), c.texts())).containsOnly(List.of("x", "y"));
    assertThat(hub.stats()).isEqualTo(new HubStats(3, 2, 6, 0, 0));
  }

  @Test
  void aBroadcastNeverSendsOnTheSpot() {
    Guest guest = join(left);
    left.on(() -> broadcast("x"));
    assertThat(guest.texts()).isEmpty();
    left.run();
    assertThat(guest.texts()).containsExactly("x");
  }

  @Test
  void aLoopGetsOneTaskHoweverManySubscribersAndMessages() {
    for (int i = 0; i < 10; i++) {
      join(left);
    }
    left.run();
    for (int i = 0; i < 10; i++) {
      broadcast("x");
    }
    assertThat(left.waiting()).isEqualTo(1);
    assertThat(right.waiting()).isZero();
    assertThat(left.run()).isEqualTo(1);
    assertThat(hub.stats().delivered()).isEqualTo(100);
  }

  @Test
  void aLongWalkLetsOthersHaveTheirTurn() {
    for (int i = 0; i < 1000; i++) {
      join(left);
    }
    left.run();
    for (int i = 0; i < 20; i++) {
      broadcast("x");
    }
    assertThat(left.run()).isEqualTo(4);
    assertThat(hub.stats().delivered()).isEqualTo(20_000);
  }

  @Test
  void nobodyIsNoReasonToWait() {
    assertThat(broadcast("x")).isCompleted();
    assertThat(hub.stats()).isEqualTo(new HubStats(0, 1, 0, 0, 0));
  }

  @Test
  void aSubscriberGetsNothingFromBefore() {
    Guest first = join(left);
    broadcast("x");
    Guest second = join(left);
    Guest third = join(right);
    broadcast("y");
    run();
    assertThat(first.texts()).containsExactly("x", "y");
    assertThat(second.texts()).containsExactly("y");
    assertThat(third.texts()).containsExactly("y");
  }

  @Test
  void oneMayBeLeftOut() {
    Guest a = join(left);
    Guest b = join(left);
    hub.broadcast("x", subscriptions.get(0));
    run();
    assertThat(a.texts()).isEmpty();
    assertThat(b.texts()).containsExactly("x");
  }

  @Test
  void whoLeftGetsNoMore() {
    Guest a = join(left);
    Guest b = join(left);
    CompletableFuture<Void> sent = broadcast("x");
    left.on(() -> subscriptions.get(0).leave());
    left.on(() -> subscriptions.get(0).leave());
    assertThat(hub.subscribers()).isEqualTo(1);
    run();
    assertThat(a.texts()).isEmpty();
    assertThat(b.texts()).containsExactly("x");
    assertThat(sent).isCompleted();
  }

  @Test
  void leavingFromElsewhereCrossesOver() {
    join(left);
    Subscription subscription = subscriptions.get(0);
    subscription.leave();
    assertThat(subscription.isOver()).isFalse();
    run();
    assertThat(subscription.isOver()).isTrue();
    assertThat(hub.subscribers()).isZero();
  }

  @Test
  void aLoopThatAllLeftDropsOutAndComesBack() {
    join(left);
    join(right);
    CompletableFuture<Void> open = broadcast("x");
    right.on(() -> subscriptions.get(1).leave());
    CompletableFuture<Void> later = broadcast("y");
    Guest again = join(right);
    broadcast("z");
    left.run();
    assertThat(open).isNotDone(); // the loop was there when it was broadcast
    assertThat(later).isCompleted();
    right.run();
    assertThat(open).isCompleted();
    assertThat(again.texts()).containsExactly("z");
  }

  @Test
  void aLoopThatDroppedOutDoesNotSpeakForOthers() {
    join(left);
    join(right);
    CompletableFuture<Void> open = broadcast("x");
    right.on(() -> subscriptions.get(1).leave());
    CompletableFuture<Void> later = broadcast("y");
    right.run();
    assertThat(open).isNotDone();
    assertThat(later).isNotDone();
    left.run();
    assertThat(open).isCompleted();
    assertThat(later).isCompleted();
  }

  @Test
  void leavingInAnyOrderTouchesNobodyElse() {
    for (int seed = 0; seed < 50; seed++) {
      List<Integer> numbers = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
      Collections.shuffle(numbers, new Random(seed));
      subscriptions.clear();
      List<Guest> guests = numbers.stream().map(n -> join(left)).toList();
      for (int i = 0; i < numbers.size(); i++) {
        int gone = i;
        left.on(() -> subscriptions.get(numbers.get(gone)).leave());
        broadcast("x");
        run();
        assertThat(hub.subscribers()).isEqualTo(numbers.size() - 1 - i);
      }
      for (int i = 0; i < numbers.size(); i++) {
        assertThat(guests.get(numbers.get(i)).written).as("seed %s", seed).hasSize(i);
      }
    }
  }

  @Test
  void comingsAndGoingsLeaveNothingBehind() {
    Guest constant = join(left);
    for (int i = 0; i < 1000; i++) {
      join(right);
      right.on(() -> subscriptions.get(subscriptions.size() - 1).leave());
      assertThat(left.waiting()).isEqualTo(1); // or the course would grow until the next message
      left.run();
      right.run();
    }
    broadcast("x");
    run();
    assertThat(right.waiting()).isZero();
    assertThat(constant.texts()).containsExactly("x");
  }

  @Test
  void aSubscriberWhoseQueueFailsLeaves() {
    Guest idle = join(left);
    Guest waiting = join(left);
    waiting.room = false;
    broadcast("x");
    broadcast("y");
    run();
    idle.queue().fail(new IllegalStateException("client gone"));
    assertThat(hub.subscribers()).isEqualTo(1);
    waiting.queue().fail(new IllegalStateException("client gone"));
    assertThat(hub.subscribers()).isZero();
    assertThat(broadcast("z")).isCompleted();
  }

  @Test
  void whoIsOverAlreadyIsNeverIn() {
    Guest guest = new Guest(left);
    guest.queue().fail(new IllegalStateException("client gone"));
    left.on(() -> assertThat(hub.subscribe(Guest.PLAIN, guest).isOver()).isTrue());
    assertThat(hub.subscribers()).isZero();
    assertThat(broadcast("x")).isCompleted();
  }

  @Test
  void aWriterThatThrowsKeepsNothingFromOthers() {
    Guest a = join(left);
    Guest broken = join(left);
    Guest c = join(left);
    broken.over = true;
    CompletableFuture<Void> sent = broadcast("x");
    run();
    assertThat(a.texts()).containsExactly("x");
    assertThat(c.texts()).containsExactly("x");
    assertThat(sent).isCompleted();
    assertThat(hub.subscribers()).isEqualTo(2);
  }

  @Test
  void aSubscriberWithoutAQueueLeavesNoTrace() {
    Guest guest =
        new Guest(left) {
          @Override
          public SendQueue queue() {
            throw new IllegalStateException("no queue");
          }
        };
    left.on(
        () -> assertThatThrownBy(() -> hub.subscribe(Guest.PLAIN, guest)).hasMessage("no queue"));
    assertThat(hub.subscribers()).isZero();
    assertThat(left.waiting()).isZero();
  }

  @Test
  void subscribingElsewhereIsRefused() {
    assertThatThrownBy(() -> hub.subscribe(Guest.PLAIN, new Guest(left)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("subscriber.loop().execute");
  }

  @Test
  void whatIsChainedToABroadcastMayUseTheHub() {
    Guest a = join(left);
    hub.broadcast("x")
        .thenRun(
            () -> {
              subscriptions.get(0).leave();
              Guest late = join(left);
              broadcast("y").thenRun(() -> assertThat(late.texts()).containsExactly("y"));
            });
    run();
    assertThat(a.texts()).containsExactly("x");
    assertThat(hub.stats()).isEqualTo(new HubStats(1, 2, 2, 0, 0));
  }

  @Test
  void aSubscriptionMayEndInTheMiddleOfAMessage() {
    Guest first = join(left);
    first.onWrite = () -> first.queue().fail(new IllegalStateException("over"));
    Guest second = new Guest(left);
    left.on(() -> subscriptions.add(hub.subscribe(Guest.PLAIN, second)));
    first.queue().watch(error -> subscriptions.get(1).leave());
    Guest third = join(left);
    broadcast("x");
    broadcast("y");
    run();
    assertThat(first.texts()).containsExactly("x");
    assertThat(second.texts()).isEmpty();
    assertThat(third.texts()).containsExactly("x", "y");
    assertThat(hub.subscribers()).isEqualTo(1);
  }

  @Test
  void textAndBytesNeedNoEncoderOthersDo() {
    Hub<Object> any = new Hub<>();
    Guest guest = new Guest(left);
    left.on(() -> any.subscribe(Guest.PLAIN, guest));
    any.broadcast("text");
    any.broadcast(Bytes.utf8("bytes"));
    any.broadcast(new byte[] {'a'});
    CompletableFuture<Void> number = any.broadcast(1).toCompletableFuture();
    left.run();
    assertThat(guest.texts()).containsExactly("text", "bytes", "a");
    assertThat(number)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("java.lang.Integer")
        .withMessageContaining("HubOptions.withPayload");
  }

  private Guest join(StepLoop loop) {
    Guest guest = new Guest(loop);
    loop.on(() -> subscriptions.add(hub.subscribe(Guest.PLAIN, guest)));
    return guest;
  }

  private CompletableFuture<Void> broadcast(String message) {
    return hub.broadcast(message).toCompletableFuture();
  }

  private void run() {
    while (left.run() + right.run() > 0) {
      // each may give the other something to do
    }
  }
}
