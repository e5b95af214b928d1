package dev.runnel.server;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What a test leaves behind: threads of ours, descriptors of sockets, pollers and files, and
 * buffers that nobody released (needs {@code -Dio.netty.leakDetection.level=paranoid}).
 */
public final class LeakCheck {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int PROBES = 64;

  static {
    // The JDK keeps a socket of its own from the first use on.
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final Map<String, Integer> before = openThings();
  private final Set<Thread> running = threads();
  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

  /** Remembers what is open now. */
  public LeakCheck() {
    reports.start();
    logger().addAppender(reports);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  }

  /** Fails if anything is left that was not there at the beginning. */
  public void verify() {
    try {
      Eventually.until(() -> running.containsAll(threads()), () -> "threads to end: " + threads());
      Eventually.until(() -> left().isEmpty(), () -> "descriptors to be closed: " + left());
      findLostBuffers();
      List<String> lost = reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
      if (!lost.isEmpty()) {
        throw new AssertionError(
            lost.size() + " buffers were never released, one is " + lost.get(0));
      }
    } finally {
      logger().detachAppender(reports);
    }
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().matches("runnel-(loop|client|watchdog).*"))
        .collect(Collectors.toSet());
  }

  /** The detector tells of lost buffers when the next ones are allocated. */
  private static void findLostBuffers() {
    System.gc();
    for (int i = 0; i < PROBES; i++) {
      ByteBuf probe = ByteBufAllocator.DEFAULT.ioBuffer(8);
      probe.release();
    }
  }

  private Map<String, Integer> left() {
    Map<String, Integer> left = openThings();
    before.forEach((kind, count) -> left.merge(kind, -count, Integer::sum));
    left.values().removeIf(count -> count <= 0);
    return left;
  }

  /** How many descriptors there are of each kind that a server opens. */
  private static Map<String, Integer> openThings() {
    Map<String, Integer> found = new TreeMap<>();
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      descriptors.forEach(
          d -> {
            String kind = kind(d);
            if (kind != null) {
              found.merge(kind, 1, Integer::sum);
            }
          });
    } catch (IOException e) {
      throw new AssertionError("needs /proc", e);
    }
    return found;
  }

  private static String kind(Path descriptor) {
    String target;
    try {
      target = Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return null; // closed meanwhile
    }
    if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
      return target.replaceAll("[0-9]+", "");
    }
    return target.contains("runnel-test") ? target : null;
  }
}
