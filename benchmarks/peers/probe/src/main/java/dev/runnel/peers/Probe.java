package dev.runnel.peers;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * Starts a server, and answers what only its own process knows. Each question is a line on standard
 * input, each answer a line on standard output that begins with {@code @}:
 *
 * <ul>
 *   <li>{@code allocated}: bytes that all threads allocated since the start, in the heap. The probe's
 *       own few are among them.
 *   <li>{@code compiled}: milliseconds that were spent on compiling since the start.
 *   <li>{@code held}: bytes of heap and of direct buffers in use, after collections.
 *   <li>{@code touched}: bytes of garbage that were made, so that the kernel has given all pages of
 *       the young generation, which takes longer than a plain answer for each 4 KiB. Who allocates
 *       little would still pay for them when others have long done so.
 * </ul>
 *
 * The process ends with its standard input, so that no server outlives who started it.
 */
public final class Probe {
  private static final int COLLECTIONS = 5;
  private static final long PAUSE_MILLIS = 100;
  private static final int GARBAGE = 1 << 20;

  private static volatile byte[] garbage = {};

  private Probe() {}

  /**
   * @param args the class whose main is run, and its arguments
   */
  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    Thread thread = new Thread(() -> answer(answers), "probe");
    thread.setDaemon(true);
    thread.start();
    String[] own = java.util.Arrays.copyOfRange(args, 1, args.length);
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) own);
  }

  private static void answer(PrintStream answers) {
    try (BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String question;
      while ((question = questions.readLine()) != null) {
        answers.println("@" + about(question));
        answers.flush();
      }
    } catch (IOException | InterruptedException e) {
      e.printStackTrace();
    }
    Runtime.getRuntime().halt(0);
  }

  private static String about(String question) throws InterruptedException {
    return switch (question) {
      case "allocated" -> Long.toString(allocated());
      case "compiled" ->
          Long.toString(ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
      case "held" -> Long.toString(held());
      case "touched" -> Long.toString(touched());
      default -> "unknown question: " + question;
    };
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }

  private static long held() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(PAUSE_MILLIS);
    }
    long held = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      held += pool.getMemoryUsed();
    }
    return held;
  }

  /** Over some collections: after each the collector may give other parts to new objects. */
  private static long touched() {
    long enough = collections() + COLLECTIONS;
    long bytes = 0;
    while (collections() < enough) {
      garbage = new byte[GARBAGE];
      bytes += GARBAGE;
    }
    garbage = new byte[0];
    return bytes;
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
