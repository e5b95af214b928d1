package dev.runnel.testkit.suite;

import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The buffers of Netty that are not released, known at once: the detector keeps a record of each
 * buffer under paranoid detection, and only its report waits for the garbage collector.
 */
final class Leaks {
  private static final Set<?> TRACKED = tracked();

  private final Set<Object> before = new HashSet<>(TRACKED);

  private static Set<?> tracked() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try {
      Class<?> buffers = Class.forName("io.netty.buffer.AbstractByteBuf");
      // Detection is asked for when Unpooled makes its constants, and never again.
      if (Unpooled.EMPTY_BUFFER.isReadable()) {
        throw new AssertionError("an empty buffer that is not empty");
      }
      // The scripted peer's HPACK has constants that are buffers.
      Class.forName("io.netty.handler.codec.http2.Http2CodecUtil");
      Field detector = buffers.getDeclaredField("leakDetector");
      detector.setAccessible(true);
      Field all = ResourceLeakDetector.class.getDeclaredField("allLeaks");
      all.setAccessible(true);
      return (Set<?>) all.get(detector.get(null));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Netty keeps its records elsewhere now", e);
    }
  }

  /** The buffers that were made since and are still held, each with where it was touched. */
  List<String> left() {
    return TRACKED.stream()
        .filter(leak -> !before.contains(leak))
        .flatMap(Leaks::described)
        .toList();
  }

  /** Netty fails to describe a buffer that is released meanwhile, and is not held any more. */
  private static Stream<String> described(Object leak) {
    try {
      return Stream.of(leak.toString());
    } catch (NegativeArraySizeException e) {
      if (TRACKED.contains(leak)) {
        throw e;
      }
      return Stream.empty();
    }
  }
}
