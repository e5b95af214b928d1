package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random requests on several connections, cut into random pieces, with handlers that wait for
 * random times and clients that vanish, against a simple model: each connection that stays gets
 * what it asked for, in order, and nothing else. The seed of a failure is in its message.
 */
@EveryGround
class RandomCallsContractTest extends Contract {
  private static final int CONNECTIONS = 4;
  private static final int STEPS = 400;

  @Test
  void everyClientGetsItsAnswersInOrder() {
    start();
    int rounds = !on.isMemory() ? 15 : on.secure() ? 20 : 100; // a handshake takes its time
    for (int seed = 0; seed < rounds; seed++) {
      try {
        new Round(seed).play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private final class Round {
    private final Random random;
    private final List<Client> clients = new ArrayList<>();

    Round(int seed) {
      random = new Random(seed);
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(new Client(ground().connect(), random, "s" + seed + "c" + i));
      }
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        act(clients.get(random.nextInt(CONNECTIONS)));
      }
      clients.forEach(Client::check);
    }

    private void act(Client client) {
      switch (random.nextInt(12)) {
        case 0, 1 -> client.openGate();
        case 2 -> pass();
        case 3 -> client.peer.reading(random.nextBoolean());
        case 4 -> client.vanish(random.nextInt(60) == 0);
        default -> client.sendPiece();
      }
    }

    private void pass() {
      if (on.isMemory()) {
        ground().advance(Duration.ofMillis(random.nextInt(10)));
      }
    }
  }

  private record Expected(String body, boolean toHead) {}

  /** One connection: what is to be sent on it, and what must come back. */
  private final class Client {
    final Peer peer;
    private final Random random;
    private final String name;
    private final StringBuilder script = new StringBuilder();
    private final List<Expected> expected = new ArrayList<>();
    private final List<String> gates = new ArrayList<>();
    private int sent;
    private boolean gone;

    Client(Peer peer, Random random, String name) {
      this.peer = peer;
      this.random = random;
      this.name = name;
      on.protocol().cutWrites(peer, random);
      int requests = 1 + random.nextInt(25);
      for (int i = 0; i < requests; i++) {
        addRequest();
      }
    }

    private void addRequest() {
      int size = random.nextInt(random.nextInt(10) == 0 ? 40_000 : 40);
      String body = "b".repeat(size);
      switch (random.nextInt(9)) {
        case 0 -> add(get("/text"), "hi");
        case 1 -> add(get("/bytes/" + size), "0".repeat(size));
        case 2 -> add(get("/wait/" + gate()), lastGate());
        case 3 -> add(get("/async/" + gate()), lastGate());
        case 4 -> add(get("/stream/" + gate()), "first second");
        case 5 -> add(post("/upper", body), body.toUpperCase(Locale.ROOT));
        case 6 -> add(chunked("/count", body), size + " bytes");
        case 7 -> add(random.nextBoolean() ? post("/echo", body) : chunked("/echo", body), body);
        default -> {
          if (random.nextBoolean()) {
            add(post("/ignore", body), "ignored");
          } else {
            script.append(head("HEAD", "/text", ""));
            expected.add(new Expected("", true));
          }
        }
      }
    }

    private void add(String request, String body) {
      script.append(request);
      expected.add(new Expected(body, false));
    }

    private String gate() {
      gates.add(name + "g" + gates.size());
      return lastGate();
    }

    private String lastGate() {
      return gates.get(gates.size() - 1);
    }

    private String chunked(String path, String body) {
      StringBuilder text = new StringBuilder();
      text.append(head("POST", path, "Transfer-Encoding: chunked\r\n"));
      for (int at = 0; at < body.length(); ) {
        int until = Math.min(body.length(), at + 1 + random.nextInt(1000));
        text.append(chunk(body.substring(at, until)));
        at = until;
      }
      return text.append("0\r\n\r\n").toString();
    }

    void sendPiece() {
      if (!gone && sent < script.length()) {
        int most = random.nextInt(3) == 0 ? 3 : random.nextInt(3) == 0 ? 20_000 : 300;
        int until = Math.min(script.length(), sent + 1 + random.nextInt(most));
        peer.send(script.substring(sent, until));
        sent = until;
      }
    }

    void openGate() {
      if (!gates.isEmpty()) {
        probe.open(gates.get(random.nextInt(gates.size())));
      }
    }

    void vanish(boolean now) {
      if (now && !gone) {
        gone = true;
        peer.vanish();
      }
    }

    void check() {
      if (gone) {
        return;
      }
      peer.reading(true);
      gates.forEach(probe::open);
      peer.send(script.substring(sent));
      for (int i = 0; i < expected.size(); i++) {
        Answer answer = peer.answer(expected.get(i).toHead);
        assertThat(answer.status()).as(name + " answer " + i).isEqualTo(200);
        assertThat(answer.body()).as(name + " answer " + i).isEqualTo(expected.get(i).body);
      }
      assertThat(peer.rest()).as(name + " behind its answers").isEmpty();
      assertServes(peer);
      peer.close();
    }
  }
}
