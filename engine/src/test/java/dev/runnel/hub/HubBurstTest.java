package dev.runnel.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages that wait together for a loop. */
class HubBurstTest {
  private static final Format<Object> SHOUTED =
      (message, payload) -> Bytes.utf8(payload.get().bytes().utf8().toUpperCase(Locale.ROOT));

  private final StepLoop loop = new StepLoop();
  private final Hub<String> hub = new Hub<>();

  /** One that many messages are handed to as one. */
  private static final class Stream extends Guest {
    Stream(StepLoop loop) {
      super(loop);
    }

    @Override
    public boolean takesManyAsOne() {
      return true;
    }

    String all() {
      return String.join("", texts());
    }
  }

  @Test
  void whoCanGetsThemAsOne() {
    Stream a = join(new Stream(loop), Guest.PLAIN);
    Stream b = join(new Stream(loop), SHOUTED);
    Guest one = join(new Guest(loop), Guest.PLAIN);
    Stream c = join(new Stream(loop), Guest.PLAIN);
    List<CompletableFuture<Void>> sent = broadcast("x", "y", "z");
    assertThat(loop.run()).isEqualTo(1);
    assertThat(a.texts()).containsExactly("xyz");
    assertThat(b.texts()).containsExactly("XYZ");
    assertThat(one.texts()).containsExactly("x", "y", "z");
    assertThat(c.written.get(0)).as("the same bytes for all").isSameAs(a.written.get(0));
    assertThat(sent).allSatisfy(stage -> assertThat(stage).isCompleted());
    assertThat(hub.stats()).isEqualTo(new HubStats(4, 3, 12, 0, 0));
  }

  @Test
  void oneByItselfIsNotCopied() {
    Stream a = join(new Stream(loop), (message, payload) -> payload.get().bytes());
    Bytes[] made = new Bytes[1];
    Format<String> noted =
        (message, payload) -> {
          made[0] = Bytes.utf8(message);
          return made[0];
        };
    Stream b = join(new Stream(loop), noted);
    broadcast("x");
    loop.run();
    assertThat(a.texts()).containsExactly("x");
    assertThat(b.written.get(0)).isSameAs(made[0]);
  }

  @Test
  void whatSomeDoNotGetIsNotAmongThem() {
    Format<String> someOnly =
        (message, payload) -> message.length() > 1 ? Bytes.EMPTY : Bytes.utf8(message);
    Stream picky = join(new Stream(loop), someOnly);
    Stream early = join(new Stream(loop), Guest.PLAIN);
    Subscription own = subscribe(early, Guest.PLAIN);
    broadcast("long", "a");
    hub.broadcast("b", own);
    Stream late = join(new Stream(loop), Guest.PLAIN);
    broadcast("c");
    loop.run();
    assertThat(picky.all()).isEqualTo("abc");
    assertThat(early.texts()).containsExactly("longabc", "long", "a", "c");
    assertThat(late.texts()).containsExactly("c");
    assertThat(hub.stats().delivered()).isEqualTo(3 + 4 + 3 + 1);
    picky.written.clear();
    broadcast("none", "at all");
    loop.run();
    assertThat(picky.texts()).isEmpty();
  }

  @Test
  void aFormatThatFailsAtOneKeepsNoOtherBack() {
    Format<String> failing =
        (message, payload) -> {
          if (message.equals("b")) {
            throw new IllegalArgumentException("not b");
          }
          return Bytes.utf8(message);
        };
    Stream guest = join(new Stream(loop), failing);
    List<CompletableFuture<Void>> sent = broadcast("a", "b", "c");
    loop.run();
    assertThat(guest.texts()).containsExactly("ac");
    assertThat(sent.get(0)).isCompleted();
    assertThat(sent.get(1)).isCompletedExceptionally();
    assertThat(sent.get(2)).isCompleted();
  }

  @Test
  void whatIsTooMuchForOneWriteGoesInSeveral() {
    Stream guest = join(new Stream(loop), Guest.PLAIN);
    Stream other = join(new Stream(loop), SHOUTED);
    String third = "x".repeat(Stretch.MOST_BYTES / 3);
    broadcast(third, third, third, third, "y");
    loop.run();
    assertThat(guest.texts()).containsExactly(third.repeat(3), third + "y");
    assertThat(other.all()).isEqualTo(guest.all().toUpperCase(Locale.ROOT));
    guest.written.clear();
    String large = "z".repeat(Stretch.MOST_BYTES * 2);
    broadcast("a", large, "b");
    loop.run();
    assertThat(guest.texts()).containsExactly("a", large, "b");
  }

  /** One format makes little of the messages and goes first, the other much. */
  @Test
  void whatIsTooMuchInOneFormatOnlyGoesInSeveralToThose() {
    Format<String> brief = (message, payload) -> Bytes.utf8(message.substring(0, 1));
    Stream first = join(new Stream(loop), brief);
    Stream long1 = join(new Stream(loop), Guest.PLAIN);
    String half = "h".repeat(Stretch.MOST_BYTES / 2);
    broadcast(half, half, half);
    loop.run();
    assertThat(first.texts()).containsExactly("hhh");
    assertThat(long1.texts()).containsExactly(half + half, half);
    assertThat(hub.stats()).isEqualTo(new HubStats(2, 3, 6, 0, 0));
  }

  @Test
  void whoBecomesFullInTheMiddleHasTheRestInItsQueue() {
    Format<String> brief = (message, payload) -> Bytes.utf8(message.substring(0, 1));
    Stream first = join(new Stream(loop), brief);
    Stream full = join(new Stream(loop), Guest.PLAIN);
    full.room = false; // once it has something
    String half = "h".repeat(Stretch.MOST_BYTES / 2);
    broadcast(half, half, half, "i");
    loop.run();
    assertThat(full.texts()).containsExactly(half + half);
    loop.on(full::open);
    assertThat(full.texts()).containsExactly(half + half, half, "i");
    assertThat(first.texts()).containsExactly("hhhi");
    assertThat(hub.stats()).isEqualTo(new HubStats(2, 4, 8, 0, 0));
  }

  /** An encoder that sends to a member itself: what comes behind it must not be lost. */
  @Test
  void whoIsFilledByAnEncoderGetsItAllTheSame() {
    Stream guest = new Stream(loop);
    Format<String> noisy =
        (message, payload) -> {
          if (guest.queue().isFree()) {
            guest.room = false;
            guest.queue().offer(Bytes.utf8("log;"));
          }
          return Bytes.utf8(message);
        };
    join(guest, noisy);
    broadcast("a", "b");
    loop.run();
    loop.on(guest::open);
    assertThat(guest.all()).isEqualTo("log;ab");
    assertThat(hub.stats()).isEqualTo(new HubStats(1, 2, 2, 0, 0));
  }

  @Test
  void whoIsFullGetsThemOneByOneWhenThereIsRoom() {
    Stream full = new Stream(loop);
    full.room = false;
    full.queue().offer(Bytes.utf8("full"));
    full.written.clear();
    join(full, Guest.PLAIN);
    Stream becomesFull = join(new Stream(loop), Guest.PLAIN);
    becomesFull.room = false;
    broadcast("a", "b");
    loop.run();
    broadcast("c");
    loop.run();
    assertThat(full.texts()).isEmpty();
    assertThat(becomesFull.texts()).containsExactly("ab");
    loop.on(full::open);
    loop.on(becomesFull::open);
    assertThat(full.texts()).containsExactly("a", "b", "c");
    assertThat(becomesFull.texts()).containsExactly("ab", "c");
    assertThat(hub.stats()).isEqualTo(new HubStats(2, 3, 6, 0, 0));
  }

  @Test
  void aStretchHasAnEnd() {
    Stream guest = join(new Stream(loop), Guest.PLAIN);
    loop.run();
    broadcast("."); // now it is known that nobody takes them one by one
    loop.run();
    guest.written.clear();
    broadcast(".".repeat(Stretch.MOST + 1).split("(?<=.)"));
    loop.run();
    assertThat(guest.texts()).containsExactly(".".repeat(Stretch.MOST), ".");
  }

  @Test
  void whoGoesInTheMiddleGetsNoMore() {
    Stream first = join(new Stream(loop), Guest.PLAIN);
    Stream broken = join(new Stream(loop), Guest.PLAIN);
    Stream second = new Stream(loop);
    Subscription subscription = subscribe(second, Guest.PLAIN);
    first.onWrite = subscription::leave;
    broken.over = true;
    Stream last = join(new Stream(loop), Guest.PLAIN);
    List<CompletableFuture<Void>> sent = broadcast("a", "b");
    loop.run();
    assertThat(first.texts()).containsExactly("ab");
    assertThat(second.texts()).isEmpty();
    assertThat(last.texts()).containsExactly("ab");
    assertThat(sent).allSatisfy(stage -> assertThat(stage).isCompleted());
    assertThat(hub.subscribers()).isEqualTo(2);
  }

  /** Streams and others, slow and fast, coming and going: the same text for all of a time. */
  @Test
  void asOneOrOneByOneItIsTheSame() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Hub<String> any = new Hub<>(HubOptions.<String>defaults().withOverflow(Overflow.SUSPEND));
      List<Stream> streams = new ArrayList<>();
      List<Guest> others = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(8)) {
          case 0 -> {
            streams.add(new Stream(loop));
            others.add(new Guest(loop));
            for (Guest guest : List.of(last(streams), last(others))) {
              loop.on(() -> any.subscribe(Guest.PLAIN, guest));
            }
          }
          case 1 -> toggle(streams, others, random);
          case 2 -> loop.step();
          default -> any.broadcast(String.valueOf((char) ('a' + random.nextInt(26))));
        }
      }
      streams.forEach(guest -> loop.on(guest::open));
      others.forEach(guest -> loop.on(guest::open));
      loop.run();
      for (int i = 0; i < streams.size(); i++) {
        assertThat(streams.get(i).all())
            .as("seed %s, guest %s", seed, i)
            .isEqualTo(String.join("", others.get(i).texts()));
      }
      assertThat(any.stats().delivered()).isEqualTo(2L * lengths(others));
    }
  }

  private void toggle(List<Stream> streams, List<Guest> others, Random random) {
    if (streams.isEmpty()) {
      return;
    }
    int which = random.nextInt(streams.size());
    for (Guest guest : List.of(streams.get(which), others.get(which))) {
      if (guest.room) {
        guest.room = false;
      } else {
        loop.on(guest::open);
      }
    }
  }

  private static long lengths(List<Guest> guests) {
    return guests.stream().mapToLong(guest -> String.join("", guest.texts()).length()).sum();
  }

  private static <E> E last(List<E> list) {
    return list.get(list.size() - 1);
  }

  private <G extends Guest> G join(G guest, Format<? super String> format) {
    Subscription unused = subscribe(guest, format);
    return guest;
  }

  private Subscription subscribe(Guest guest, Format<? super String> format) {
    Subscription[] made = new Subscription[1];
    loop.on(() -> made[0] = hub.subscribe(format, guest));
    return made[0];
  }

  private List<CompletableFuture<Void>> broadcast(String... messages) {
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (String message : messages) {
      sent.add(hub.broadcast(message).toCompletableFuture());
    }
    return sent;
  }
}
