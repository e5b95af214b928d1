package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.internal.netty.AddressRace.Result;
import dev.runnel.io.Loop;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Happy Eyeballs (RFC 8305 5) under virtual time, with connections that are strings. */
class AddressRaceTest {
  private static final Duration DELAY = Duration.ofMillis(250);

  private final LocalTransport memory = new LocalTransport();
  private final Loop loop = new NettyLoop((EventLoop) memory.loop());
  private final List<String> log = new ArrayList<>();
  private final Map<String, Result<String>> waiting = new HashMap<>();
  private final Map<String, String> atOnce = new HashMap<>();

  private Runnable connect(SocketAddress to, Result<String> result) {
    String name = AddressRace.text(to).replace(":80", "");
    log.add(name + "@" + memory.now() / 1_000_000);
    String known = atOnce.get(name);
    if (known != null && known.startsWith("!")) {
      result.failed(new java.net.ConnectException(known.substring(1)));
    } else if (known != null) {
      result.connected(known);
    } else {
      waiting.put(name, result);
    }
    return () -> log.add("gave up " + name);
  }

  private AddressRace<String> race(String... addresses) {
    List<SocketAddress> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(new InetSocketAddress(HostNames.literal(address), 80));
    }
    AddressRace<String> race =
        new AddressRace<>(
            all,
            this::connect,
            loop,
            DELAY,
            new Result<>() {
              @Override
              public void connected(String connection) {
                log.add("won " + connection);
              }

              @Override
              public void failed(Throwable cause) {
                log.add("failed " + cause.getMessage());
              }
            });
    race.start();
    return race;
  }

  private void fail(String name, String why) {
    waiting.remove(name).failed(new java.net.ConnectException(why));
  }

  @Test
  void theFirstOneThatAnswersWinsAndTheOthersAreGivenUp() {
    race("::1", "127.0.0.1", "127.0.0.2", "127.0.0.3");
    memory.advance(Duration.ofMillis(600));
    waiting.get("127.0.0.1").connected("four");
    memory.advance(Duration.ofSeconds(10));
    assertThat(log)
        .containsExactly(
            "[::1]@0",
            "127.0.0.1@250",
            "127.0.0.2@500",
            "gave up [::1]",
            "gave up 127.0.0.2",
            "won four");
  }

  @Test
  void aFailureStartsTheNextOneAtOnceAndTheTimeBeginsAnew() {
    race("::1", "127.0.0.1", "127.0.0.2");
    memory.advance(Duration.ofMillis(100));
    fail("[::1]", "Connection refused: /[::1]:80");
    memory.advance(Duration.ofMillis(249));
    assertThat(log).containsExactly("[::1]@0", "127.0.0.1@100");
    memory.advance(Duration.ofMillis(1));
    assertThat(log).endsWith("127.0.0.2@350");
  }

  @Test
  void whenAllFailEachIsNamedWithItsReason() {
    race("::1", "127.0.0.1");
    fail("[::1]", "finishConnect(..) failed with error(-101): Network is unreachable: /[::1]:80");
    fail("127.0.0.1", "Connection refused: /127.0.0.1:80");
    memory.advance(Duration.ofSeconds(1));
    assertThat(log)
        .endsWith("failed [::1]:80 (Network is unreachable), 127.0.0.1:80 (Connection refused)")
        .hasSize(3);
  }

  @Test
  void failuresWithinTheCallAreFailures() {
    atOnce.put("[::1]", "!one");
    atOnce.put("127.0.0.1", "!two");
    race("::1", "127.0.0.1");
    assertThat(log)
        .containsExactly("[::1]@0", "127.0.0.1@0", "failed [::1]:80 (one), 127.0.0.1:80 (two)");
  }

  @Test
  void aConnectionWithinTheCallWinsAndNothingFollows() {
    atOnce.put("127.0.0.1", "at once");
    race("127.0.0.1", "127.0.0.2");
    memory.advance(Duration.ofSeconds(1));
    assertThat(log).containsExactly("127.0.0.1@0", "won at once");
  }

  @Test
  void thousandsOfAddressesThatFailAtOnceAreNoDeepStack() throws UnknownHostException {
    List<SocketAddress> all = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      byte[] address = {127, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      all.add(new InetSocketAddress(InetAddress.getByAddress(address), 80));
    }
    List<String> told = new ArrayList<>();
    new AddressRace<String>(
            all,
            (to, result) -> {
              result.failed(new java.net.ConnectException("Connection refused"));
              return () -> {};
            },
            loop,
            DELAY,
            new Result<>() {
              @Override
              public void connected(String connection) {
                told.add(connection);
              }

              @Override
              public void failed(Throwable cause) {
                told.add(cause.getMessage());
              }
            })
        .start();
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).endsWith(" and 49992 more").hasSizeLessThan(400);
  }

  @Test
  void anAddressThatStandsTwiceIsTriedOnce() {
    race("127.0.0.1", "127.0.0.1", "127.0.0.2");
    memory.advance(Duration.ofSeconds(1));
    assertThat(log).containsExactly("127.0.0.1@0", "127.0.0.2@250");
  }

  @Test
  void aRaceThatIsGivenUpTellsNobody() {
    AddressRace<String> race = race("::1", "127.0.0.1", "127.0.0.2");
    memory.advance(DELAY);
    race.abandon();
    assertThat(log)
        .containsExactly("[::1]@0", "127.0.0.1@250", "gave up [::1]", "gave up 127.0.0.1");
    fail("[::1]", "late");
    memory.advance(Duration.ofSeconds(5));
    assertThat(log).hasSize(4);
  }

  @Test
  void theLastOneMayTakeItsTime() {
    race("::1", "127.0.0.1");
    memory.advance(DELAY);
    fail("[::1]", "no");
    memory.advance(Duration.ofHours(1));
    assertThat(log).containsExactly("[::1]@0", "127.0.0.1@250");
    waiting.get("127.0.0.1").connected("late");
    assertThat(log).endsWith("won late");
  }
}
