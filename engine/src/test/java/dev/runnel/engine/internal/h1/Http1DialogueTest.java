package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.ClientFixture.bytes;
import static dev.runnel.engine.internal.h1.ClientFixture.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.netty.MemoryWire;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The client's machine and the server's, in random dialogue over one connection. */
class Http1DialogueTest {
  private static final long SEED = Long.getLong("runnel.seed", 20_26);
  private static final Method[] METHODS = {Method.GET, Method.POST, Method.PUT, Method.DELETE};

  private final Random random = new Random(SEED);
  private int changes;

  /** Says back what it is told, in the way that the target asks for. */
  private static void echo(Exchange x) {
    switch (x.request().target()) {
      case "/hints" -> {
        x.informational(Status.EARLY_HINTS, Headers.of("Link", "</a>"));
        x.respond(Response.ok().body(new Echo(x.body())));
      }
      case "/trailers" ->
          x.respond(
              Response.ok().body(new Echo(x.body())).withTrailers(() -> Headers.of("X-Sum", "1")));
      case "/empty" -> x.respond(Response.noContent());
      default -> x.respond(Response.ok().body(new Echo(x.body())));
    }
  }

  private record Echo(BodyReader reader) implements Body.Source {
    @Override
    public BodyReader open() {
      return reader;
    }
  }

  @Test
  void understandOneAnotherForAThousandCalls() {
    MemoryWire wire = new MemoryWire(Limits.DEFAULT);
    Http1Client client =
        wire.connectTo(
            Http1DialogueTest::echo,
            new ClientConnection.Listener() {
              @Override
              public void changed(ClientConnection connection) {
                changes++;
              }

              @Override
              public void closed(ClientConnection connection) {
                changes++;
              }
            });
    String[] targets = {"/", "/hints", "/trailers", "/empty"};
    for (int i = 0; i < 1000; i++) {
      call(wire, client, targets[random.nextInt(targets.length)]);
      assertThat(changes).as("call %d, seed %d", i, SEED).isZero();
    }
    client.closeNow(new ClientException(Reason.CLOSED, "over"));
    wire.run();
    assertThat(changes).isEqualTo(2);
    wire.close();
  }

  private void call(MemoryWire wire, Http1Client client, String target) {
    Method method = METHODS[random.nextInt(METHODS.length)];
    String text = "0123456789abcdef".repeat(random.nextInt(5) == 0 ? 9000 : random.nextInt(9));
    // What nobody reads has to be little enough to be read away.
    String sent = target.equals("/empty") ? text.substring(0, Math.min(64, text.length())) : text;
    boolean chunked = random.nextBoolean();
    CallLog log = CallLog.reading();
    ClientCall call = client.begin(head(method, target, chunked ? -1 : sent.length()), log);
    for (int at = 0; at < sent.length(); ) {
      int until = Math.min(sent.length(), at + 1 + random.nextInt(20_000));
      call.output().write(bytes(sent.substring(at, until)));
      at = until;
      if (random.nextBoolean()) {
        wire.run();
      }
    }
    call.output().end();
    wire.run();
    boolean empty = target.equals("/empty");
    String hints = target.equals("/hints") ? "informational 103, " : "";
    assertThat(log.text()).isEqualTo(empty ? "" : sent);
    assertThat(log.told())
        .isEqualTo(
            "[" + hints + "head " + (empty ? 204 : 200) + ", body " + log.text() + ", ended]");
    assertThat(log.body().trailers().get("X-Sum"))
        .isEqualTo(target.equals("/trailers") ? "1" : null);
  }
}
