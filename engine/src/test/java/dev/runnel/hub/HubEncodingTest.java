package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import dev.runnel.server.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HubEncodingTest {
  private final StepLoop left = new StepLoop();
  private final StepLoop right = new StepLoop();
  private final AtomicInteger payloads = new AtomicInteger();
  private final HubOptions<String> options =
      HubOptions.<String>defaults()
          .withPayload(
              message -> {
                payloads.incrementAndGet();
                return Payload.text(message);
              });
  private final Hub<String> hub = new Hub<>(options);

  @Test
  void allOfAFormatShareTheBytes() {
    Counting format = new Counting("f");
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      guests.add(join(left, format));
      guests.add(join(right, format));
    }
    hub.broadcast("x");
    run();
    assertThat(format.calls).hasValue(1);
    Bytes shared = guests.get(0).written.get(0);
    assertThat(guests).allSatisfy(guest -> assertThat(guest.written.get(0)).isSameAs(shared));
  }

  @Test
  void equalFormatsAreOneAndOthersShareThePayload() {
    AtomicInteger calls = new AtomicInteger();
    join(left, new Named("a", calls));
    join(left, new Named("a", calls));
    Guest b = join(right, new Named("b", calls));
    hub.broadcast("x");
    run();
    assertThat(calls).hasValue(2);
    assertThat(payloads).hasValue(1);
    assertThat(b.texts()).containsExactly("b:x");
  }

  @Test
  void aPayloadThatNoFormatAsksForIsNotMade() {
    Guest guest = join(left, (message, payload) -> Bytes.utf8("own " + message));
    hub.broadcast("x");
    run();
    assertThat(guest.texts()).containsExactly("own x");
    assertThat(payloads).hasValue(0);
  }

  @Test
  void nothingIsEncodedForNobody() {
    Counting format = new Counting("f");
    join(left, format);
    Subscription[] only = new Subscription[1];
    left.on(() -> only[0] = hub.subscribe(format, new Guest(left)));
    hub.broadcast("x", only[0]);
    run();
    hub.broadcast("y");
    run();
    assertThat(format.calls).hasValue(2);
  }

  @Test
  void noBytesAreNoMessage() {
    Guest odd =
        join(left, (message, payload) -> message.equals("x") ? Bytes.EMPTY : Bytes.utf8(message));
    CompletableFuture<Void> sent = hub.broadcast("x").toCompletableFuture();
    hub.broadcast("y");
    run();
    assertThat(sent).isCompleted();
    assertThat(odd.texts()).containsExactly("y");
  }

  @Test
  void twoLoopsAtTheSameMomentEncodeOnce() throws Exception {
    try (ThreadLoop one = new ThreadLoop();
        ThreadLoop two = new ThreadLoop()) {
      AtomicInteger calls = new AtomicInteger();
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Format<String> slow =
          (message, payload) -> {
            calls.incrementAndGet();
            begun.countDown();
            await(goOn);
            return payload.get().bytes();
          };
      Guest a = new Guest(one);
      Guest b = new Guest(two);
      one.on(() -> hub.subscribe(slow, a));
      two.on(() -> hub.subscribe(slow, b));
      CompletableFuture<Void> sent = hub.broadcast("x").toCompletableFuture();
      await(begun);
      while (!one.isBlocked() && !two.isBlocked()) {
        assertThat(sent).isNotDone(); // the one in the format waits for us, the other for it
      }
      goOn.countDown();
      Eventually.get(sent, "both to have it");
      assertThat(calls).hasValue(1);
      assertThat(payloads).hasValue(1);
      assertThat(a.written.get(0)).isSameAs(b.written.get(0));
    }
  }

  @Test
  void underContentionEachMessageIsStillEncodedOnce() throws Exception {
    List<ThreadLoop> loops = new ArrayList<>();
    try {
      Counting format = new Counting("f");
      List<Guest> guests = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ThreadLoop loop = new ThreadLoop();
        loops.add(loop);
        Guest guest = new Guest(loop);
        guests.add(guest);
        loop.on(() -> hub.subscribe(format, guest));
      }
      CompletableFuture<Void> last = new CompletableFuture<>();
      for (int i = 0; i < 20_000; i++) {
        last = hub.broadcast("m" + i).toCompletableFuture();
      }
      Eventually.getOfMany(last, "all to have all");
      assertThat(format.calls).hasValue(20_000);
      assertThat(payloads).hasValue(20_000);
      for (int i = 0; i < 20_000; i++) {
        Set<Integer> identities = new HashSet<>();
        for (Guest guest : guests) {
          identities.add(System.identityHashCode(guest.written.get(i)));
        }
        assertThat(identities).hasSize(1);
      }
    } finally {
      loops.forEach(ThreadLoop::close);
    }
  }

  @Test
  void aFormatThatThrowsFailsTheBroadcastAndClosesNobody() {
    IllegalStateException failure = new IllegalStateException("cannot encode");
    AtomicInteger calls = new AtomicInteger();
    Format<String> broken =
        (message, payload) -> {
          calls.incrementAndGet();
          if (message.equals("x")) {
            throw failure;
          }
          return Bytes.utf8(message);
        };
    Guest a = join(left, broken);
    Guest b = join(right, broken);
    Guest fine = join(left, new Counting("f"));
    CompletableFuture<Void> x = hub.broadcast("x").toCompletableFuture();
    CompletableFuture<Void> y = hub.broadcast("y").toCompletableFuture();
    run();
    assertThat(x).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
    assertThat(y).isCompleted();
    assertThat(calls).hasValue(2);
    assertThat(a.texts()).containsExactly("y");
    assertThat(b.texts()).containsExactly("y");
    assertThat(fine.texts()).containsExactly("f:x", "f:y");
    assertThat(hub.subscribers()).isEqualTo(3);
  }

  @Test
  void anEncoderThatThrowsIsAskedOnceForAllFormats() {
    AtomicInteger calls = new AtomicInteger();
    IllegalStateException failure = new IllegalStateException("no payload");
    Hub<String> broken =
        new Hub<>(
            options.withPayload(
                message -> {
                  calls.incrementAndGet();
                  throw failure;
                }));
    left.on(() -> broken.subscribe(new Counting("a"), new Guest(left)));
    right.on(() -> broken.subscribe(new Counting("b"), new Guest(right)));
    CompletableFuture<Void> sent = broken.broadcast("x").toCompletableFuture();
    run();
    assertThat(sent).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
    assertThat(failure.getSuppressed()).isEmpty();
    assertThat(calls).hasValue(1);
    assertThat(broken.subscribers()).isEqualTo(2);
  }

  @Test
  void severalFailuresGoTogether() {
    join(left, failing("one"));
    join(right, failing("two"));
    CompletableFuture<Void> sent = hub.broadcast("x").toCompletableFuture();
    run();
    assertThat(sent)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .withMessage("one")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("two"));
  }

  @Test
  void checkedExceptionsAndErrorsAreFailuresToo() {
    for (Throwable thrown : List.of(new IOException("checked"), new AssertionError("no"))) {
      Hub<String> broken = new Hub<>(options.withPayload(message -> sneak(thrown)));
      left.on(() -> broken.subscribe(new Counting("a"), new Guest(left)));
      CompletableFuture<Void> sent = broken.broadcast("x").toCompletableFuture();
      left.run();
      assertThat(sent).failsWithin(Duration.ZERO).withThrowableThat().withCause(thrown);
    }
  }

  @Test
  void nullsAreFailuresThatSayWhose() {
    Hub<String> broken = new Hub<>(options.withPayload(message -> nothing()));
    left.on(() -> broken.subscribe(new Counting("a"), new Guest(left)));
    CompletableFuture<Void> payload = broken.broadcast("x").toCompletableFuture();
    join(left, (message, unused) -> nothing());
    CompletableFuture<Void> format = hub.broadcast("x").toCompletableFuture();
    left.run();
    assertThat(payload)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("payload encoder of the hub gave null");
    assertThat(format)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("gave null for a message");
  }

  private Guest join(StepLoop loop, Format<? super String> format) {
    Guest guest = new Guest(loop);
    loop.on(() -> hub.subscribe(format, guest));
    return guest;
  }

  private void run() {
    while (left.run() + right.run() > 0) {
      // each may give the other something to do
    }
  }

  private static Format<String> failing(String message) {
    return (text, payload) -> {
      throw new IllegalStateException(message);
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      Eventually.opens(latch, "a format to begin or go on");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // As a lambda in Kotlin could.
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> Payload sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  // What callers without null checks may give.
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return Optional.<T>empty().orElse(null);
  }

  private record Named(String name, AtomicInteger calls) implements Format<String> {
    @Override
    public Bytes encode(String message, Supplier<Payload> payload) {
      calls.incrementAndGet();
      return Bytes.utf8(name + ":" + payload.get().bytes().utf8());
    }
  }

  private static final class Counting implements Format<String> {
    final AtomicInteger calls = new AtomicInteger();
    private final String name;

    Counting(String name) {
      this.name = name;
    }

    @Override
    public Bytes encode(String message, Supplier<Payload> payload) {
      calls.incrementAndGet();
      return Bytes.utf8(name + ":" + payload.get().bytes().utf8());
    }
  }
}
