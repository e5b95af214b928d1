package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ScriptedTransport.Connection;
import dev.runnel.client.ScriptedTransport.Dial;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Idle connections that the server closed, unheard of until a call was put on one. */
class StaleConnectionsTest extends PlayedServers {
  /** So many connections that were used and are idle. */
  private void idle(int count) {
    List<CompletableFuture<Response>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(send(Request.get(URL)));
    }
    transport.loop.run();
    transport.connections.forEach(c -> c.call().whole(200, ""));
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(client.stats().idle()).isEqualTo(count);
    transport.loop.advance(Duration.ofSeconds(1));
  }

  private Connection busy() {
    return transport.connections.stream()
        .filter(c -> c.calls.stream().anyMatch(call -> !call.over))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSecondAttemptIsOnANewConnection() {
    idle(5);
    CompletableFuture<Response> answer = send(Request.get(URL));
    busy().lose();
    transport.loop.run();
    assertThat(transport.connections).hasSize(6);
    assertThat(busy()).isSameAs(transport.last());
    call().whole(200, "there");
    assertThat(text(answer.join())).isEqualTo("there");
  }

  @Test
  void whatIsOldGivesItsPlaceWhereTheNewOnesAreTaken() {
    client = client(b -> b.pool(p -> p.withPerOrigin(2)));
    idle(2);
    transport.opensAtOnce = false;
    CompletableFuture<Response> stale = send(Request.get(URL));
    Connection lost = busy();
    send(Request.get(URL));
    Connection old =
        transport.connections.stream().filter(c -> c != lost).findFirst().orElseThrow();
    send(Request.get(URL));
    lost.lose();
    transport.loop.run();
    Connection taken = transport.dials.get(2).open();
    old.call().whole(200, "");
    transport.loop.run();
    assertThat(old.closeAsked).isTrue();
    assertThat(client.stats().connections()).isEqualTo(1);
    transport.dials.get(3).open();
    transport.loop.run();
    call().whole(200, "there");
    assertThat(text(stale.join())).isEqualTo("there");
    taken.call().whole(200, "");
  }

  @Test
  void aRefusalByALivingConnectionMistrustsNone() {
    idle(2);
    CompletableFuture<Response> answer = send(Request.get(URL));
    busy().call().fail(new ClientException(Reason.REFUSED, "not now", true, null));
    transport.loop.run();
    assertThat(transport.connections).hasSize(2);
    busy().call().whole(200, "now");
    assertThat(text(answer.join())).isEqualTo("now");
  }

  @Test
  void whereNoNewConnectionIsToBeHadTheCallFails() {
    idle(2);
    transport.opensAtOnce = false;
    CompletableFuture<Response> answer = send(Request.get(URL));
    busy().lose();
    transport.loop.run();
    Dial dial = transport.dials.get(transport.dials.size() - 1);
    dial.fail(new ClientException(Reason.CONNECT, "no such port"));
    assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECT);
    assertThat(client.stats().idle()).isEqualTo(1);
  }

  @Test
  void othersStillTakeWhatIsIdle() {
    idle(2);
    transport.opensAtOnce = false;
    CompletableFuture<Response> first = send(Request.get(URL));
    busy().lose();
    transport.loop.run();
    CompletableFuture<Response> second = send(Request.get(URL));
    busy().call().whole(200, "second");
    assertThat(text(second.join())).isEqualTo("second");
    transport.dials.get(transport.dials.size() - 1).open();
    transport.loop.run();
    call().whole(200, "first");
    assertThat(text(first.join())).isEqualTo("first");
  }
}
