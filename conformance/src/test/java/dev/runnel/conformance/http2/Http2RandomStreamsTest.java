package dev.runnel.conformance.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Http2Options;
import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many streams with bodies both ways on one connection, cut into random frames, each stream reset
 * at any point with some probability. Those that were not reset get exactly what they asked for,
 * and afterwards the connection is whole: a body larger than all windows passes in both directions.
 * The seed of a failure is in its message.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.http2.Where#all")
class Http2RandomStreamsTest {
  private static final int STEPS = 300;
  private static final int LARGE = 3 << 20;
  private static final int FIRST_WINDOW = 65_535;
  private static final int ENOUGH = 100_000;

  @Parameter Where where;

  @Test
  void anyStreamMayBeResetAtAnyFrame() {
    int rounds = where == Where.MEMORY ? 60 : 15;
    for (int seed = 0; seed < rounds; seed++) {
      App app = new App();
      int window = seed % 2 == 0 ? FIRST_WINDOW : 1 << 20;
      Http2Options http2 = Http2Options.DEFAULT.withConnectionWindow(window);
      try (Stage stage = Stage.start(where, app, options -> options.http2(http2))) {
        new Round(stage, app, seed, window).play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
      assertThat(app.ended).as("seed %d", seed).hasValue(app.started.get());
      assertThat(app.toldTwice).as("seed %d", seed).hasValue(0);
    }
  }

  private final class Round {
    private final Stage stage;
    private final App app;
    private final int window;
    private final Random random;
    private final ScriptedPeer peer;
    private final List<Call> calls = new ArrayList<>();

    Round(Stage stage, App app, int seed, int window) {
      this.window = window;
      this.stage = stage;
      this.app = app;
      this.random = new Random(seed);
      this.peer = stage.connect(Setting.INITIAL_WINDOW_SIZE, random.nextInt(100_000));
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        act();
      }
      finish();
      theServersWindowIsWhole();
      oursIsWhole();
      passLarge();
    }

    private void act() {
      switch (random.nextInt(10)) {
        case 0, 1 -> open();
        case 2 -> grant();
        case 3 -> change();
        case 4 -> app.answerWaiting();
        case 5 -> any().reset(random.nextInt(3) == 0);
        default -> any().sendPiece(1 + random.nextInt(random.nextBoolean() ? 100 : 30_000));
      }
    }

    private Call any() {
      if (calls.isEmpty()) {
        open();
      }
      return calls.get(random.nextInt(calls.size()));
    }

    private void open() {
      if (calls.stream().filter(call -> !call.isOver()).count() < 100) {
        Call call = new Call(peer, random);
        calls.add(call);
        if (random.nextInt(8) == 0) {
          call.reset(true);
        }
      }
    }

    private void grant() {
      int bytes = 1 + random.nextInt(random.nextBoolean() ? 50 : 50_000);
      peer.send(Frame.windowUpdate(0, bytes), Frame.windowUpdate(any().stream, bytes));
    }

    private void change() {
      if (random.nextInt(8) == 0) {
        peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, random.nextInt(100_000)));
      }
      if (where == Where.MEMORY) {
        stage.advance(Duration.ofMillis(random.nextInt(50)));
      }
    }

    private void finish() {
      peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 16 << 20));
      goOnUntilOver(calls);
      stage.until(() -> stage.calls() == 0, "the calls to end");
    }

    /** It gives back what it got, whatever became of it; in halves of a window. */
    private void theServersWindowIsWhole() {
      peer.settle();
      assertThat(peer.room(0)).as("of %d", window).isBetween(window - window / 2, window);
    }

    /** It counts what it sent and no more: all that we allow can be had. */
    private void oursIsWhole() {
      int left = (int) peer.allowance();
      peer.send(Frame.get(peer.nextStream(), "/bytes/" + left));
      assertThat(peer.response(peer.nextStream() - 2).body()).hasSize(left);
      assertThat(peer.allowance()).isZero();
    }

    private void passLarge() {
      Call call = new Call(peer, "/echo", App.content(LARGE));
      goOnUntilOver(List.of(call));
    }

    /** Looks again and again, since sending needs no answer to go on. */
    private void goOnUntilOver(List<Call> these) {
      try {
        stage.until(
            () -> {
              app.answerWaiting();
              if (peer.allowance() < ENOUGH) {
                peer.send(Frame.windowUpdate(0, ENOUGH));
              }
              these.forEach(call -> call.sendPiece(16_384));
              return these.stream().allMatch(Call::isOver);
            },
            "the end of all streams");
      } catch (AssertionError e) {
        List<Call> left = these.stream().filter(call -> !call.isOver()).toList();
        throw new AssertionError(left + " go on; the frames were:\n" + peer.log(), e);
      }
      these.forEach(Call::check);
    }
  }

  /** One stream: what is to be sent on it, and what must come back. */
  private static final class Call {
    final int stream;
    private final ScriptedPeer peer;
    private final String path;
    private final byte[] body;
    private final ByteArrayOutputStream came = new ByteArrayOutputStream();
    private int sent;
    private boolean sentEnd;
    private boolean reset;
    private boolean ended;
    private int status;

    Call(ScriptedPeer peer, Random random) {
      this(peer, path(random), new byte[size(random)]);
      random.nextBytes(body);
    }

    Call(ScriptedPeer peer, String path, byte[] body) {
      this.peer = peer;
      this.path = path;
      this.body = isGet(path) ? new byte[0] : body;
      this.stream = peer.nextStream();
      this.sentEnd = isGet(path);
      String method = isGet(path) ? "GET" : "POST";
      peer.send(Frame.request(stream, sentEnd, method, path));
    }

    private static boolean isGet(String path) {
      return path.equals("/wait") || path.startsWith("/bytes/");
    }

    private static String path(Random random) {
      return switch (random.nextInt(6)) {
        case 0 -> "/wait";
        case 1, 2 -> "/bytes/" + size(random);
        case 3 -> "/count";
        case 4 -> "/text";
        default -> "/echo";
      };
    }

    private static int size(Random random) {
      return random.nextInt(random.nextInt(4) == 0 ? 150_000 : 2_000);
    }

    void sendPiece(int most) {
      take();
      if (reset || sentEnd) {
        return;
      }
      int count = Math.min(Math.min(most, 16_384), Math.min(peer.room(stream), body.length - sent));
      sentEnd = sent + count == body.length;
      if (count > 0 || sentEnd) {
        byte[] piece = Arrays.copyOfRange(body, sent, sent + count);
        sent += count;
        peer.send(Frame.data(stream, sentEnd, piece));
      }
    }

    void reset(boolean now) {
      take();
      if (now && !reset && !isOver()) {
        reset = true;
        peer.send(Frame.rst(stream, ErrorCode.CANCEL));
      }
    }

    private void take() {
      for (Arrival next = peer.poll(stream); next != null; next = peer.poll(stream)) {
        switch (next.frame().type()) {
          case Frame.HEADERS -> status = next.status();
          case Frame.DATA -> came.writeBytes(next.frame().content());
          default -> {
            boolean unread = ended && next.frame().code() == ErrorCode.NO_ERROR;
            assertThat(unread || reset).as("%s: %s", this, next).isTrue();
            sentEnd = true;
          }
        }
        ended |= next.ends();
      }
    }

    boolean isOver() {
      take();
      return reset || (ended && sentEnd);
    }

    void check() {
      if (reset) {
        return;
      }
      assertThat(status).as("%s", this).isEqualTo(200);
      assertThat(came.toByteArray()).as("%s", this).isEqualTo(expected());
    }

    private byte[] expected() {
      return switch (path) {
        case "/wait" -> "waited".getBytes(US_ASCII);
        case "/count" -> (body.length + " bytes").getBytes(US_ASCII);
        case "/text" -> "hi".getBytes(US_ASCII);
        case "/echo" -> body;
        default -> App.content(Integer.parseInt(path.substring(7)));
      };
    }

    @Override
    public String toString() {
      String how = reset ? " reset" : ended ? " answered" : "";
      return stream + " " + path + how + ", sent " + sent + " of " + body.length;
    }
  }
}
