package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ScriptedTransport.Connection;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.CallHead;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of which it turns out on their connection that they cannot be sent as they are. */
class UnsendableCallsTest extends PlayedServers {
  private static final String FLAW = "a space in Host";

  @BeforeEach
  void noSpaceInHost() {
    transport.check = UnsendableCallsTest::check;
  }

  private static void check(CallHead head) {
    if (head.authority().contains(" ")) {
      throw new IllegalArgumentException(FLAW);
    }
  }

  private static Request bad() {
    return Request.get(URL).header("Host", "a b");
  }

  private static void assertUnsendable(CompletableFuture<?> answer) {
    assertThat(answer)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(IllegalArgumentException.class)
        .withMessage(FLAW);
  }

  @Test
  void theyFailAndLeaveTheirPlace() {
    assertUnsendable(send(bad()));
    assertThat(client.stats().calls()).isZero();
    CompletableFuture<Response> next = send(Request.get(URL));
    call().whole(200, "");
    assertThat(next).isCompleted();
    assertThat(transport.connections).as("nothing was sent that would spoil it").hasSize(1);
  }

  @Test
  void theyTakeNoTimeLimitAlong() {
    client = client(b -> b.timeouts(t -> t.withCall(Duration.ofHours(1))));
    assertUnsendable(send(bad()));
    transport.loop.advance(Duration.ofMinutes(1)); // the idle connection
    assertThat(transport.loop.timers()).isZero();
  }

  @Test
  void othersThatWaitedForTheSameConnectionAreBegun() {
    transport.callLimit = 100;
    transport.opensAtOnce = false;
    CompletableFuture<Response> bad = send(bad());
    List<CompletableFuture<Response>> good =
        List.of(send(Request.get(URL)), send(Request.get(URL)));
    Connection connection = transport.dials.get(0).open();
    transport.loop.run();
    assertUnsendable(bad);
    assertThat(connection.calls).hasSize(2);
    connection.calls.forEach(c -> c.whole(200, ""));
    assertThat(good).allMatch(CompletableFuture::isDone);
  }

  @Test
  void anyNumberOfThemMayWaitForOnePlace() {
    client = client(b -> b.pool(p -> p.withPerOrigin(1).withWaiting(10_000)));
    transport.opensAtOnce = false;
    CompletableFuture<?>[] bad = new CompletableFuture<?>[10_000];
    for (int i = 0; i < bad.length; i++) {
      bad[i] = client.send(bad());
    }
    transport.loop.run();
    transport.dials.get(0).open();
    transport.loop.run();
    for (CompletableFuture<?> each : bad) {
      assertThat(each).isCompletedExceptionally();
    }
  }

  @Test
  void aHandshakeThatCannotBeMadeIsNoneOfTheConnectionsBusiness() {
    CompletableFuture<Upgraded> answer =
        client.upgrade(
            Request.get("ws://a.example/"),
            "websocket",
            version -> {
              throw new IllegalArgumentException(FLAW);
            });
    transport.loop.run();
    assertUnsendable(answer);
  }

  @Test
  void theirBodiesAreDiscarded() {
    int[] discarded = new int[1];
    Body.Source once =
        new Body.Source() {
          @Override
          public BodyReader open() {
            throw new AssertionError("nobody asks for it");
          }

          @Override
          public void discard() {
            discarded[0]++;
          }
        };
    assertUnsendable(send(Request.put(URL).header("Host", "a b").body(once)));
    assertThat(discarded[0]).isEqualTo(1);
  }
}
