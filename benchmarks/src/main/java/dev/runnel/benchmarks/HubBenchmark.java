package dev.runnel.benchmarks;

import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.hub.Format;
import dev.runnel.hub.Hub;
import dev.runnel.hub.Subscriber;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a hub costs to broadcast to subscribers on two loops, without what a transport costs:
 * writers count bytes. Microseconds per message until it is everywhere.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HubBenchmark {
  private static final int BURST = 100;

  /** How many there are, half of them on each loop. */
  @Param({"1000"})
  public int subscribers;

  /** Kinds of subscribers, by turns: events and frames, for instance. */
  @Param({"1", "2"})
  public int formats;

  private final TaskLoop[] loops = {new TaskLoop(), new TaskLoop()};
  private final Hub<String> hub = new Hub<>();

  /** Subscribes all. */
  @Setup
  public void subscribe() throws InterruptedException {
    CountDownLatch all = new CountDownLatch(subscribers);
    for (int i = 0; i < subscribers; i++) {
      TaskLoop loop = loops[i % loops.length];
      Format<String> format = i / loops.length % formats == 0 ? FRAME : EVENT;
      loop.execute(
          () -> {
            hub.subscribe(format, new Sink(loop));
            all.countDown();
          });
    }
    all.await();
  }

  /** Ends the loops. */
  @TearDown
  public void stop() {
    for (TaskLoop loop : loops) {
      loop.thread.interrupt();
    }
  }

  /** One message, and the wait until it is everywhere: two wakes of other threads are in it. */
  @Benchmark
  public Void one() {
    return hub.broadcast("a message of some fifty characters, as in a chat")
        .toCompletableFuture()
        .join();
  }

  /** Messages behind each other, and the wait for the last. */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public Void burst() {
    CompletableFuture<Void> last = new CompletableFuture<>();
    for (int i = 0; i < BURST; i++) {
      last =
          hub.broadcast("a message of some fifty characters, as in a chat").toCompletableFuture();
    }
    return last.join();
  }

  private static final Format<String> FRAME =
      (message, payload) -> {
        Bytes bytes = payload.get().bytes();
        byte[] frame = new byte[2 + bytes.length()];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) bytes.length();
        bytes.copyTo(frame, 2);
        return Bytes.Unsafe.wrap(frame);
      };

  private static final Format<String> EVENT =
      (message, payload) -> Bytes.utf8("data: " + message + "\n\n");

  /** A subscriber whose transport takes everything. */
  private static final class Sink implements Subscriber, BodyWriter {
    private final Loop loop;
    private final SendQueue queue;
    private long written;

    Sink(Loop loop) {
      this.loop = loop;
      this.queue = new SendQueue(this, Duration.ZERO, () -> {});
    }

    @Override
    public boolean write(Bytes bytes) {
      written += bytes.length();
      return true;
    }

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public SendQueue queue() {
      return queue;
    }

    @Override
    public boolean takesManyAsOne() {
      return true; // as events and the frames of a server are
    }

    @Override
    public void tooSlow() {
      throw new IllegalStateException("takes everything, so far " + written + " bytes");
    }

    @Override
    public void onWritable(Runnable once) {}

    @Override
    public void commit() {}

    @Override
    public void end(Headers trailers) {}
  }

  /** A thread that runs tasks. */
  private static final class TaskLoop implements Loop {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "benchmark-loop");

    TaskLoop() {
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      try {
        while (true) {
          tasks.take().run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the benchmark is over
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public boolean inLoop() {
      return Thread.currentThread() == thread;
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
      throw new UnsupportedOperationException("nothing here waits");
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }
}
