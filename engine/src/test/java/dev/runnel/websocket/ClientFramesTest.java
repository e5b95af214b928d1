package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.io.Bytes;
import dev.runnel.testing.websocket.ClientFrame;
import dev.runnel.testing.websocket.WsFrame;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends is masked, each frame by a key of its own (RFC 6455 5.3). */
class ClientFramesTest {
  private final Random random = new Random(5_3);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 125, 126, 127, 65_535, 65_536, 70_001})
  void aMaskedFrameIsThePayloadUnderItsKey(int length) {
    byte[] payload = bytes(length + 3);
    Bytes slice = Bytes.copyOf(payload).slice(3, length + 3); // an array that begins elsewhere
    Bytes frame = Frames.masked(Frames.FIN | Frames.BINARY, slice, 0x37FA213D);
    ClientFrame seen = only(frame);
    assertThat(seen.key()).isEqualTo(0x37FA213D);
    assertThat(seen.frame().payload()).isEqualTo(slice.toByteArray());
    WsFrame same = WsFrame.binary(slice.toByteArray()).masked(hex(0x37FA213D));
    assertThat(frame.toByteArray()).isEqualTo(same.encode());
    assertThat(slice.toByteArray()).isEqualTo(Arrays.copyOfRange(payload, 3, length + 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 125, 126, 65_535, 65_536})
  void whatIsSharedIsMaskedInACopy(int length) {
    Bytes shared = Frames.of(Message.binary(bytes(length)));
    byte[] before = shared.toByteArray();
    ClientFrame one = only(Frames.masked(shared, MaskKeys.next()));
    ClientFrame other = only(Frames.masked(shared, MaskKeys.next()));
    assertThat(one.frame().payload()).isEqualTo(other.frame().payload());
    assertThat(one.frame().opcode()).isEqualTo(Frames.BINARY);
    assertThat(one.key()).isNotEqualTo(other.key());
    assertThat(shared.toByteArray()).as("what all share").isEqualTo(before);
  }

  /**
   * 20,000 random keys of 32 bits have 0.05 pairs that are alike; each bit is even, give or take.
   */
  @Test
  void keysDifferAndAllTheirBitsDo() {
    int count = 20_000;
    Set<Integer> keys = new HashSet<>();
    int[] ones = new int[Integer.SIZE];
    for (int i = 0; i < count; i++) {
      int key = MaskKeys.next();
      keys.add(key);
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        ones[bit] += key >>> bit & 1;
      }
    }
    assertThat(keys).hasSizeGreaterThan(count - 5);
    for (int bit : ones) {
      assertThat(bit).isBetween(count * 45 / 100, count * 55 / 100);
    }
  }

  @Test
  void eachFrameOfAClientHasAKeyOfItsOwn() {
    Framing framing = Framing.of(Role.CLIENT);
    Set<Integer> keys = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      keys.add(only(framing.frame(Frames.FIN | Frames.TEXT, Bytes.utf8("the same"))).key());
    }
    assertThat(keys).hasSizeGreaterThan(998);
  }

  @Test
  void aServerMasksNothing() {
    Bytes frame = Framing.of(Role.SERVER).frame(Frames.FIN | Frames.TEXT, Bytes.utf8("Hello"));
    assertThat(frame.toByteArray()).startsWith(0x81, 5, 'H');
  }

  /** One array for the frame, as without a mask: no copy of the payload in between. */
  @Test
  void aMaskCostsNoSecondCopy() {
    Bytes payload = Bytes.copyOf(bytes(64 << 10));
    long plain = allocated(() -> Frames.frame(Frames.FIN | Frames.BINARY, payload));
    long masked = allocated(() -> Frames.masked(Frames.FIN | Frames.BINARY, payload, 1));
    assertThat(plain).isBetween(64L << 10, 65L << 10);
    assertThat(masked - plain).isBetween(0L, 64L);
  }

  private static long allocated(Runnable task) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    task.run(); // classes are loaded now
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      task.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static ClientFrame only(Bytes frame) {
    var frames = ClientFrame.parse(frame.toByteArray());
    assertThat(frames).hasSize(1);
    return frames.get(0);
  }

  private static byte[] hex(int key) {
    return new byte[] {(byte) (key >>> 24), (byte) (key >>> 16), (byte) (key >>> 8), (byte) key};
  }
}
