package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.contract.Logs;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Frames of any kind in any order, most of them nearly right. Nothing may be thrown inside the
 * server, nothing may be left behind, and where the bytes are split changes no octet of what is
 * answered.
 */
class Http2GarbageTest {
  private static final int ROUNDS = 3_000;
  private static final long SEED = Long.getLong("runnel.garbage.seed", 20_261_121L);

  /** Those that read their body: whether a rest is refused depends on whether it was there yet. */
  private static final String[] PATHS = {"/count", "/other"};

  @Test
  void anyFramesInAnySplit() {
    try (Logs logs = new Logs();
        Stage stage = Stage.start(Where.MEMORY, new App())) {
      for (int round = 0; round < ROUNDS; round++) {
        long seed = SEED + round;
        byte[] bytes = bytes(new Random(seed));
        String whole = answers(stage, bytes);
        int[] cuts = new Random(seed).ints(5, 0, bytes.length + 1).sorted().toArray();
        assertThat(answers(stage, bytes, cuts)).as("split, with seed " + seed).isEqualTo(whole);
        assertThat(logs.complaints()).as("with seed " + seed).isEmpty();
        stage.closePeers();
      }
    }
  }

  private static String answers(Stage stage, byte[] bytes, int... cuts) {
    var peer = stage.raw();
    try {
      int from = 0;
      for (int cut : cuts) {
        peer.send(Arrays.copyOfRange(bytes, from, cut));
        from = cut;
      }
      peer.send(Arrays.copyOfRange(bytes, from, bytes.length));
      return peer.all();
    } finally {
      peer.close();
    }
  }

  private static byte[] bytes(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ScriptedPeer.PREFACE.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(Frame.settings().encode());
    for (int count = 1 + random.nextInt(12); count > 0; count--) {
      byte[] frame = frame(random).encode();
      if (random.nextInt(8) == 0 && frame.length > 0) {
        frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
      }
      out.writeBytes(frame);
    }
    return out.toByteArray();
  }

  private static Frame frame(Random random) {
    int stream = random.nextInt(10);
    int odd = stream | 1;
    boolean end = random.nextBoolean();
    byte[] some = new byte[random.nextInt(40)];
    random.nextBytes(some);
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 ->
          Frame.request(odd, end, end ? "GET" : "POST", PATHS[random.nextInt(PATHS.length)]);
      case 4, 5 -> Frame.data(odd, end, some);
      case 6 -> Frame.padded(odd, end, some, random.nextInt(20));
      case 7 -> Frame.windowUpdate(stream, random.nextInt(3) * 1000);
      case 8 -> Frame.rst(odd, random.nextInt(14));
      case 9 -> Frame.settings(random.nextInt(10), random.nextInt(100_000));
      case 10 -> Frame.ping(random.nextLong());
      case 11 -> Frame.headers(odd, end, some);
      case 12 -> Frame.priorityUpdate(odd, "u=" + random.nextInt(9));
      default -> new Frame(random.nextInt(14), random.nextInt(64), stream, some);
    };
  }
}
