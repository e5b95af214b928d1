package dev.runnel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.memory.LaneFaults.Fragments;
import dev.runnel.testing.VirtualLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The manners of a socket: ends, closes, resets, and room. */
class WireTest {
  private final VirtualLoop loop = new VirtualLoop();
  private final Carrier carrier = new Carrier(loop, 0, false);
  private TestEnd client;
  private TestEnd server;

  private void connect(WireFaults faults) {
    Wire wire = carrier.connect(faults);
    client = new TestEnd(loop, wire.client());
    server = new TestEnd(loop, wire.server());
  }

  @Test
  void bytesArriveInOrder() {
    connect(WireFaults.NONE);
    assertThat(client.send("one ")).isEqualTo(4);
    assertThat(client.send("two")).isEqualTo(3);
    assertThat(server.reads).as("in a turn of its own").isEmpty();
    loop.run();
    assertThat(server.reads)
        .as("what arrives together is read together")
        .containsExactly("one two");
    assertThat(client.end().isFlushed()).isTrue();
  }

  @Test
  void theEndIsSeenBehindTheBytes() {
    connect(WireFaults.NONE);
    server.reading(false);
    client.send("last");
    client.end().finish();
    loop.run();
    assertThat(server.end().ended()).as("bytes are before it").isFalse();
    server.reading(true);
    assertThat(server.all()).isEqualTo("last");
    assertThat(server.end().ended()).isTrue();
    server.send("answer");
    loop.run();
    assertThat(client.all()).as("the other half is open").isEqualTo("answer");
    assertThat(client.end().ended()).isFalse();
  }

  @Test
  void whatIsWrittenBehindTheEndGoesNowhere() {
    connect(WireFaults.NONE);
    client.end().finish();
    client.end().finish();
    client.send("late");
    loop.run();
    assertThat(server.reads).isEmpty();
    assertThat(carrier.trace().events().stream().filter(e -> e.kind() == Trace.Kind.END))
        .hasSize(1);
  }

  @Test
  void aWriteIsCutShortWhereTheRoomEnds() {
    connect(WireFaults.NONE.toServer(l -> l.withCapacity(10)));
    server.reading(false);
    assertThat(client.send("0123456789abc")).isEqualTo(10);
    assertThat(client.send("abc")).isZero();
    loop.run();
    assertThat(client.room).isZero();
    server.reading(true);
    loop.run();
    assertThat(client.room).isEqualTo(1);
    assertThat(client.send("abc")).isEqualTo(3);
    loop.run();
    assertThat(server.all()).isEqualTo("0123456789abc");
    assertThat(client.room).as("nobody waited").isEqualTo(1);
  }

  @Test
  void anEmptyWriteDoesNotForgetWhoWaitsForRoom() {
    connect(WireFaults.NONE.toServer(l -> l.withCapacity(4)));
    server.reading(false);
    assertThat(client.send("12345")).isEqualTo(4);
    assertThat(client.send("")).isZero();
    loop.run();
    server.reading(true);
    loop.run();
    assertThat(client.room).isEqualTo(1);
  }

  @Test
  void aReadHasSixtyFourKibibytesAtMost() {
    connect(WireFaults.NONE);
    client.send("x".repeat(100_000));
    loop.run();
    assertThat(server.reads).extracting(String::length).containsExactly(65_536, 34_464);
    assertThat(client.end().isFlushed()).isTrue();
  }

  @Test
  void aCloseIsAnEnd() {
    connect(WireFaults.NONE);
    client.send("bye");
    client.end().close();
    loop.run();
    assertThat(server.all()).isEqualTo("bye");
    assertThat(server.endedAt).isNotNull();
    assertThat(server.resetAt).isNull();
  }

  @Test
  void bytesForAnEndThatIsClosedAreAnsweredByAReset() {
    connect(WireFaults.NONE);
    client.end().close();
    loop.run();
    server.send("still there?");
    loop.run();
    assertThat(server.resetAt).isNotNull();
    assertThat(server.end().isBroken()).isTrue();
    assertThat(client.resetAt).as("it has left").isNull();
  }

  @Test
  void closingWithBytesUnreadIsAReset() {
    connect(WireFaults.NONE);
    server.reading(false);
    client.send("unread");
    loop.run();
    server.send("lost");
    server.end().close();
    loop.run();
    assertThat(client.resetAt).isNotNull();
    assertThat(client.endedAt).isNull();
  }

  @Test
  void bothMayCloseAtOnce() {
    connect(WireFaults.NONE.toServer(l -> l.withDelay(Duration.ofSeconds(1))));
    client.end().close();
    server.end().close();
    loop.advance(Duration.ofSeconds(2));
    assertThat(client.end().isBroken() || server.end().isBroken()).isFalse();
    assertThat(loop.timers()).isZero();
  }

  @Test
  void nothingStaysOnTheWayBetweenTwoWhoHaveClosed() {
    connect(WireFaults.NONE.toServer(l -> l.withDelay(Duration.ofSeconds(1))));
    client.send("x");
    client.end().close();
    server.end().close();
    assertThat(loop.timers()).isZero();
  }

  @Test
  void aResetLosesWhatIsOnItsWayAndLeavesWhatArrived() {
    connect(WireFaults.NONE.toServer(l -> l.withBytesPerSecond(10)));
    server.reading(false);
    client.send("0123456789");
    loop.advance(Duration.ofMillis(500));
    client.end().reset();
    loop.run();
    assertThat(loop.timers()).as("nothing is on its way").isZero();
    assertThat(server.end().wasReset()).as("bytes are before it").isFalse();
    assertThat(server.end().isBroken()).as("a writer hears of it").isTrue();
    server.reading(true);
    assertThat(server.all()).isEqualTo("01234");
    assertThat(server.resetAt).isNotNull();
    assertThat(server.endedAt).isNull();
    assertThat(server.send("x")).as("swallowed").isEqualTo(1);
    assertThat(client.reads).isEmpty();
  }

  @Test
  void aResetTellsWhoWaitsForRoom() {
    connect(WireFaults.NONE.toServer(l -> l.withCapacity(4)));
    server.reading(false);
    client.send("12345");
    loop.run();
    server.end().reset();
    loop.run();
    assertThat(client.room).isEqualTo(1);
    assertThat(client.resetAt).isNotNull();
  }

  @Test
  void aResetIsAsLateAsTheBytesAre() {
    Duration late = Duration.ofMillis(40);
    connect(WireFaults.NONE.toServer(l -> l.withDelay(late)));
    client.end().reset();
    loop.advance(late.minusNanos(1));
    assertThat(server.resetAt).isNull();
    loop.advance(Duration.ofNanos(1));
    assertThat(server.resetAt).isEqualTo(late);
    assertThat(loop.timers()).isZero();
  }

  @Test
  void aResetThatAnswersIsLateToo() {
    Duration late = Duration.ofMillis(40);
    connect(WireFaults.NONE.toServer(l -> l.withDelay(late)).toClient(l -> l.withDelay(late)));
    server.end().close();
    client.send("x");
    loop.advance(late.multipliedBy(3));
    assertThat(client.endedAt).isEqualTo(late);
    assertThat(client.resetAt).isEqualTo(late.multipliedBy(2));
    assertThat(loop.timers()).isZero();
  }

  @Test
  void aLateResetForWhoHasClosedIsNothing() {
    connect(WireFaults.NONE.toServer(l -> l.withDelay(Duration.ofSeconds(1))));
    client.end().reset();
    server.end().close();
    assertThat(loop.timers()).isZero();
    loop.advance(Duration.ofSeconds(2));
    assertThat(server.end().isBroken()).isFalse();
  }

  @Test
  void turnsAreByTheSeed() {
    assertThat(order(1)).isEqualTo(order(1));
    assertThat(java.util.stream.LongStream.range(0, 20).mapToObj(this::order).distinct().count())
        .isGreaterThan(1);
  }

  private String order(long seed) {
    Carrier shuffling = new Carrier(loop, seed, true);
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      int number = i;
      Wire wire = shuffling.connect(WireFaults.NONE);
      wire.server().listen(() -> order.append(number), () -> {});
      wire.client().write(TestEnd.bytes("x"));
    }
    loop.run();
    assertThat(order).hasSize(6);
    return order.toString();
  }

  @Test
  void theChecksumIsOfBytesTimesAndPieces() {
    long plain = checksum(WireFaults.NONE, 0);
    assertThat(checksum(WireFaults.NONE, 0)).isEqualTo(plain);
    WireFaults slow = WireFaults.NONE.toServer(l -> l.withBytesPerSecond(5));
    assertThat(checksum(slow, 0)).isNotEqualTo(plain);
    WireFaults pieces = WireFaults.NONE.toServer(l -> l.withFragments(Fragments.random()));
    assertThat(checksum(pieces, 1)).isEqualTo(checksum(pieces, 1)).isNotEqualTo(plain);
    assertThat(checksum(pieces, 2)).isNotEqualTo(checksum(pieces, 1));
  }

  private static long checksum(WireFaults faults, long seed) {
    VirtualLoop own = new VirtualLoop();
    Carrier made = new Carrier(own, seed, false);
    Wire wire = made.connect(faults);
    wire.client().write(TestEnd.bytes("0123456789".repeat(20)));
    wire.client().finish();
    own.advance(Duration.ofMinutes(2));
    return made.trace().checksum();
  }
}
