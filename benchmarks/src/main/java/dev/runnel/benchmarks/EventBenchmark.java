package dev.runnel.benchmarks;

import dev.runnel.io.Bytes;
import dev.runnel.sse.EventEncoder;
import dev.runnel.sse.ServerEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an event of a stream costs from its parts to the bytes that are sent; the event itself is
 * made in the measurement, because it keeps what was encoded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventBenchmark {
  private final String text = "a message of some fifty characters, as in a chat";
  private final String json =
      "{\"symbol\":\"ACME\",\"cents\":123456,\"at\":\"2026-01-01T00:00:00Z\",\"note\":\""
          + "x".repeat(420)
          + "\"}";
  private final String lines = "a line of some thirty characters\n".repeat(10);
  private final String umlauts = "eine Nachricht mit Umlauten, etwa ä, ö und ü, und 50";
  private final ServerEvent sentBefore = ServerEvent.of(text);

  /** Data only, of some fifty characters. */
  @Benchmark
  public Bytes text() {
    return EventEncoder.encode(ServerEvent.of(text));
  }

  /** Half a kilobyte of data with a type and an id. */
  @Benchmark
  public Bytes typed() {
    return EventEncoder.encode(ServerEvent.of(json).withEvent("price").withId("1234567"));
  }

  /** Data of eleven lines, each of which is a field. */
  @Benchmark
  public Bytes lines() {
    return EventEncoder.encode(ServerEvent.of(lines));
  }

  /** Data that is not all ASCII. */
  @Benchmark
  public Bytes umlauts() {
    return EventEncoder.encode(ServerEvent.of(umlauts));
  }

  /** An event that was sent before, as to all subscribers but the first: nothing is encoded. */
  @Benchmark
  public Bytes again() {
    return EventEncoder.encode(sentBefore);
  }
}
