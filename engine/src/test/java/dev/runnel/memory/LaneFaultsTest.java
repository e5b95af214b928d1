package dev.runnel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.memory.LaneFaults.Fragments;
import dev.runnel.testing.VirtualLoop;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault by itself, on bytes that mean nothing. */
class LaneFaultsTest {
  private final VirtualLoop loop = new VirtualLoop();
  private TestEnd client;
  private TestEnd server;

  private void toServer(UnaryOperator<LaneFaults> faults) {
    connect(WireFaults.NONE.toServer(faults), 0);
  }

  private void connect(WireFaults faults, long seed) {
    Wire wire = new Carrier(loop, seed, false).connect(faults);
    client = new TestEnd(loop, wire.client());
    server = new TestEnd(loop, wire.server());
  }

  // --- pieces ---

  @Test
  void everyByteIsReadByItself() {
    toServer(l -> l.withFragments(Fragments.EVERY_BYTE));
    client.send("abc");
    loop.run();
    assertThat(server.reads).containsExactly("a", "b", "c");
  }

  @Test
  void piecesOfOneSize() {
    toServer(l -> l.withFragments(Fragments.of(3)));
    client.send("abcdefgh");
    loop.run();
    assertThat(server.reads).containsExactly("abc", "def", "gh");
  }

  @Test
  void piecesEndAtOffsetsOfTheDirection() {
    toServer(l -> l.withFragments(Fragments.at(5, 3, 9)));
    client.send("abcdefg");
    client.send("hijkl");
    loop.run();
    assertThat(server.reads).containsExactly("abc", "de", "fg", "hi", "jkl");
  }

  @Test
  void randomPiecesAreBySeed() {
    assertThat(random(1)).isEqualTo(random(1)).isNotEqualTo(random(2));
  }

  private List<String> random(long seed) {
    connect(WireFaults.NONE.toServer(l -> l.withFragments(Fragments.random())), seed);
    String text = "0123456789".repeat(100);
    client.send(text);
    loop.run();
    assertThat(server.all()).isEqualTo(text);
    assertThat(server.reads).allMatch(piece -> piece.length() <= 64);
    return server.reads;
  }

  @Test
  void onlyTheDirectionThatIsNamed() {
    toServer(l -> l.withFragments(Fragments.EVERY_BYTE));
    server.send("abc");
    loop.run();
    assertThat(client.reads).containsExactly("abc");
  }

  // --- time ---

  @Test
  void theSpeedIsExact() {
    toServer(l -> l.withBytesPerSecond(1_000));
    client.send("x".repeat(2_500));
    client.end().finish();
    loop.advance(Duration.ofSeconds(2));
    assertThat(server.all()).hasSize(2_000);
    loop.advance(Duration.ofSeconds(1));
    assertThat(server.all()).hasSize(2_500);
    assertThat(server.endedAt).isEqualTo(Duration.ofMillis(2_500));
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 7, 999})
  void theSpeedIsExactWhereTheTimeOfAByteIsNoNanoseconds(long perSecond) {
    toServer(l -> l.withBytesPerSecond(perSecond).withFragments(Fragments.EVERY_BYTE));
    client.send("x".repeat((int) perSecond * 10));
    client.end().finish();
    loop.advance(Duration.ofSeconds(11));
    assertThat(server.endedAt).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anIdleLineCarriesNothingAhead() {
    toServer(l -> l.withBytesPerSecond(10));
    loop.advance(Duration.ofSeconds(100));
    client.send("x".repeat(10));
    loop.advance(Duration.ofMillis(500));
    assertThat(server.all()).hasSize(5);
  }

  @Test
  void aSlowLineHoldsTheSenderBack() {
    toServer(l -> l.withBytesPerSecond(100).withCapacity(50));
    assertThat(client.send("x".repeat(200))).isEqualTo(50);
    loop.advance(Duration.ofMillis(100));
    assertThat(client.room).isEqualTo(1);
    assertThat(client.send("x".repeat(200))).isEqualTo(10);
  }

  @Test
  void eachByteIsLateByTheDelay() {
    Duration late = Duration.ofMillis(30);
    toServer(l -> l.withDelay(late));
    client.send("a");
    loop.advance(Duration.ofMillis(10));
    client.send("b");
    client.end().finish();
    loop.advance(Duration.ofMillis(100));
    assertThat(server.reads).containsExactly("a", "b");
    assertThat(server.times).containsExactly(late, late.plusMillis(10));
    assertThat(server.endedAt).isEqualTo(late.plusMillis(10));
  }

  @Test
  void thereAndBackIsBothDelays() {
    connect(
        WireFaults.NONE
            .toServer(l -> l.withDelay(Duration.ofMillis(30)))
            .toClient(l -> l.withDelay(Duration.ofMillis(12))),
        0);
    client.send("ping");
    loop.advance(Duration.ofMillis(30));
    server.send("pong");
    loop.advance(Duration.ofMillis(30));
    assertThat(client.times).containsExactly(Duration.ofMillis(42));
  }

  // --- ends that are none ---

  @Test
  void behindAStallNothingArrives() {
    toServer(l -> l.withStallAt(4).withCapacity(10));
    client.send("abc");
    assertThat(client.send("defghijkl")).isEqualTo(7);
    client.end().finish();
    loop.advance(Duration.ofDays(1));
    assertThat(server.all()).isEqualTo("abcd");
    assertThat(server.endedAt).isNull();
    assertThat(client.end().isFlushed()).isFalse();
    assertThat(client.endedAt).isNull();
    server.send("can you hear me?");
    loop.run();
    assertThat(client.all()).as("the other direction").isEqualTo("can you hear me?");
  }

  @Test
  void theRoomBehindAStallEnds() {
    toServer(l -> l.withStallAt(4).withCapacity(10));
    int sent = 0;
    for (int i = 0; i < 20; i++) {
      sent += client.send("x");
      loop.run();
    }
    assertThat(sent).as("four that were read, and the room").isEqualTo(14);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 6})
  void theReceiverSeesTheEndAndTheSenderIsNotTold(int at) {
    toServer(l -> l.withEndAt(at));
    client.send("abc");
    client.send("defg");
    loop.run();
    assertThat(server.all()).isEqualTo("abcdef".substring(0, at));
    assertThat(server.endedAt).isNotNull();
    assertThat(client.send("h".repeat(1 << 20))).as("it is not told").isEqualTo(1 << 20);
    server.send("answer");
    loop.run();
    assertThat(client.all()).isEqualTo("answer");
    assertThat(client.resetAt).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void bothAreResetBehindSoManyBytes(int at) {
    toServer(l -> l.withResetAt(at));
    client.send("ab");
    client.send("cdef");
    client.send("gh");
    loop.run();
    assertThat(server.all()).isEqualTo("abcdefgh".substring(0, at));
    assertThat(server.resetAt).isNotNull();
    assertThat(client.resetAt).isNotNull();
    assertThat(server.endedAt).isNull();
  }

  @Test
  void noResetWhereTheBytesAreTooFew() {
    toServer(l -> l.withResetAt(9));
    client.send("abcdefgh");
    client.end().finish();
    loop.run();
    assertThat(server.all()).hasSize(8);
    assertThat(server.endedAt).isNotNull();
    assertThat(server.resetAt).isNull();
  }

  @Test
  void aResetInTheMiddleOfASlowPieceLeavesNoTimer() {
    toServer(l -> l.withResetAt(15).withBytesPerSecond(100));
    client.send("x".repeat(100));
    loop.advance(Duration.ofSeconds(2));
    assertThat(server.all()).hasSize(15);
    assertThat(server.resetAt).isEqualTo(Duration.ofMillis(200));
    assertThat(loop.timers()).isZero();
  }

  @Test
  void aConnectionThatIsCutWhileBytesAreOnTheirWayLeavesNoTimer() {
    connect(
        WireFaults.NONE
            .toServer(l -> l.withDelay(Duration.ofSeconds(9)))
            .toClient(l -> l.withResetAt(1)),
        0);
    client.send("on its way");
    assertThat(loop.timers()).isEqualTo(1);
    server.send("x");
    loop.run();
    assertThat(client.resetAt).isNotNull();
    assertThat(loop.timers()).isZero();
  }

  // --- bad settings ---

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> LaneFaults.NONE.withBytesPerSecond(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> LaneFaults.NONE.withCapacity(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> LaneFaults.NONE.withDelay(Duration.ofMillis(-1)))
        .hasMessageContaining("not below 0");
    assertThatThrownBy(() -> Fragments.of(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> Fragments.at(0, 4)).hasMessageContaining("at least 1");
  }

  @Test
  void theTextNamesWhatHappens() {
    assertThat(LaneFaults.NONE).hasToString("no faults");
    assertThat(LaneFaults.NONE.withStallAt(3).withBytesPerSecond(7))
        .hasToString("7 bytes per second, stalls after 3 bytes");
  }
}
