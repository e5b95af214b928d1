package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.head;
import static dev.runnel.testing.http2.ScriptedServer.promise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Http2Options;
import dev.runnel.http.Method;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Servers that send anything, in any pieces, to callers that do anything: every call comes to its
 * end in the order that is promised, the client keeps the rules, and nothing is left behind (which
 * the close of each server looks for).
 */
class Http2ClientRandomTest {
  private static final int CALLS = 4;

  /** A frame that a server might send; {@code wild} ones break a rule more often than not. */
  private static Frame frame(Random random, boolean wild) {
    int stream = 1 + 2 * random.nextInt(wild ? CALLS + 2 : CALLS);
    boolean end = random.nextInt(4) == 0;
    return switch (random.nextInt(wild ? 17 : 10)) {
      case 0, 1 -> answer(stream, end, 200);
      case 2 -> answer(stream, false, 103);
      case 3, 4, 5 -> Frame.data(stream, end, "x".repeat(random.nextInt(300)));
      case 6 -> Frame.windowUpdate(random.nextBoolean() ? 0 : stream, 1 + random.nextInt(5_000));
      case 7 -> Frame.settings(Setting.INITIAL_WINDOW_SIZE, random.nextInt(70_000));
      case 8 -> Frame.ping(random.nextLong());
      case 9 -> Frame.rst(stream, random.nextInt(15));
      case 10 -> Frame.headers(stream, true, "x-trailer", "1");
      case 11 -> promise(stream, 2 * random.nextInt(4), "GET", "/pushed", "a");
      case 12 -> answer(2 * random.nextInt(4), end, 200);
      case 13 -> Frame.data(2 * random.nextInt(4), end, "pushed");
      case 14 -> Frame.goAway(random.nextInt(8), random.nextInt(3));
      case 15 -> Frame.continuation(stream, true, new byte[random.nextInt(3)]);
      default -> {
        byte[] payload = new byte[random.nextInt(40)];
        random.nextBytes(payload);
        yield new Frame(random.nextInt(18), random.nextInt(256), stream, payload);
      }
    };
  }

  private static void act(Random random, ScriptedServer server, List<Heard> calls) {
    Heard call = calls.get(random.nextInt(calls.size()));
    switch (random.nextInt(12)) {
      case 0 -> call.call().cancel(new ClientException(Reason.CANCELLED, "at random"));
      case 1 -> call.call().abandonOutput();
      case 2, 3, 4 -> write(random, call);
      case 5 -> end(call);
      case 6 -> server.advance(Duration.ofSeconds(random.nextInt(8)));
      case 7 -> server.link().writable(random.nextBoolean());
      case 8 -> {
        if (random.nextInt(10) == 0) {
          server.client().close();
        }
      }
      case 9 -> {
        if (server.client().isUsable()) {
          calls.add(begin(random, server));
        }
      }
      default -> {
        if (call.told().stream().anyMatch(told -> told.startsWith("head"))) {
          String unused = call.read();
        }
      }
    }
    server.run();
  }

  private static void write(Random random, Heard call) {
    try {
      boolean unused =
          call.call().output().write(dev.runnel.io.Bytes.utf8("y".repeat(random.nextInt(2_000))));
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("body"); // none was announced, or it has ended
    }
  }

  private static void end(Heard call) {
    try {
      call.call().output().end();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("body");
    }
  }

  private static Heard begin(Random random, ScriptedServer server) {
    Heard heard = random.nextBoolean() ? new Heard().pumping() : new Heard();
    if (random.nextBoolean()) {
      heard = heard.takingPromises();
    }
    boolean posts = random.nextBoolean();
    return server.call(head(posts ? Method.POST : Method.GET, "/", posts ? -1 : 0), heard);
  }

  private static void anything(long seed, boolean wild) {
    Random random = new Random(seed);
    Http2Options options = Http2Options.DEFAULT.withPushes(random.nextInt(3));
    try (ScriptedServer server = new ScriptedServer(options).connect()) {
      List<Heard> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(begin(random, server));
      }
      for (int round = 0; round < 30 && !server.link().isOutputEnded(); round++) {
        List<Frame> frames = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          frames.add(frame(random, wild));
        }
        server.sendSplit(random, 1 + random.nextInt(200), frames);
        act(random, server, calls);
      }
      server.link().writable(true);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + (wild ? ", wild: " : ": ") + e.getMessage(), e);
    }
  }

  @Test
  void whatAServerMightSend() {
    for (long seed = 0; seed < 3_000; seed++) {
      anything(seed, false);
    }
  }

  @Test
  void whatNoServerShouldSend() {
    for (long seed = 0; seed < 3_000; seed++) {
      anything(seed, true);
    }
  }

  /** What calls are told is a function of the bytes alone, not of the pieces they come in. */
  @Test
  void piecesMakeNoDifference() {
    for (long seed = 0; seed < 500; seed++) {
      List<Frame> frames = new ArrayList<>();
      Random random = new Random(seed);
      for (int i = 0; i < 25; i++) {
        frames.add(frame(random, random.nextInt(8) == 0));
      }
      String whole = told(frames, new Random(seed), 1 << 20);
      assertThat(told(frames, new Random(seed), 1)).as("seed %d", seed).isEqualTo(whole);
      assertThat(told(frames, new Random(seed), 50)).as("seed %d", seed).isEqualTo(whole);
    }
  }

  private static String told(List<Frame> frames, Random random, int longest) {
    StringBuilder all = new StringBuilder();
    List<Heard> calls = new ArrayList<>();
    try (ScriptedServer server = new ScriptedServer().connect()) {
      for (int i = 0; i < CALLS; i++) {
        calls.add(server.post("/" + i, -1));
      }
      server.sendSplit(random, longest, frames);
      for (Heard call : calls) {
        all.append(call.told());
        if (call.told().stream().anyMatch(told -> told.startsWith("head"))) {
          all.append(call.read());
        }
      }
    }
    return all.toString();
  }
}
