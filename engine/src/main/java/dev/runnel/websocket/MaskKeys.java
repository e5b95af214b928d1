package dev.runnel.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Masking keys that nobody can foretell (RFC 6455 5.3, 10.3): whoever can choose payloads and knew
 * the keys could write what he likes on the wire, such as a request that a proxy believes. Drawn
 * from the system's generator, many at a time: alone each would cost more than its frame.
 */
final class MaskKeys {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /**
   * 256 keys: some microseconds in one of 256 frames, and 1 KiB for each thread that has clients.
   */
  private static final int DRAWN = 1 << 10;

  private static final SecureRandom RANDOM = new SecureRandom();

  private static final ThreadLocal<MaskKeys> HERE = ThreadLocal.withInitial(MaskKeys::new);

  private final byte[] drawn = new byte[DRAWN];
  private int at = DRAWN;

  private MaskKeys() {}

  /** A fresh key; each is given out once. */
  static int next() {
    SeededKeys seeded = SeededKeys.current();
    return seeded == null ? HERE.get().take() : seeded.next();
  }

  private int take() {
    if (at == DRAWN) {
      RANDOM.nextBytes(drawn);
      at = 0;
    }
    int key = (int) INTS.get(drawn, at);
    INTS.set(drawn, at, 0); // what is on the wire need not be in a heap dump beside those to come
    at += Integer.BYTES;
    return key;
  }
}
