package dev.runnel.server;

import dev.runnel.testing.Leaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a test leaves behind: threads of ours, descriptors of sockets, pollers and files, and
 * buffers that nobody released. The latter are asked for by name: a collection for each of some
 * hundred tests, after which Netty tells of them, took longer than most of the tests.
 */
public final class LeakCheck {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

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
  private final Leaks buffers = new Leaks();

  /** Fails if anything is left that was not there when this was made. */
  public void verify() {
    Eventually.until(() -> running.containsAll(threads()), () -> "threads to end: " + threads());
    Eventually.until(() -> left().isEmpty(), () -> "descriptors to be closed: " + left());
    Eventually.until(() -> buffers.left().isEmpty(), () -> "a release of " + buffers.left());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().matches("runnel-(loop|client|watchdog).*"))
        .collect(Collectors.toSet());
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
