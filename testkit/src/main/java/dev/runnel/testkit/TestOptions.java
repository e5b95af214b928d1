package dev.runnel.testkit;

import dev.runnel.engine.ServerOptions;
import dev.runnel.memory.WireFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a test server runs. Immutable.
 *
 * @param transport in memory under virtual time, or on TCP by the wall clock
 * @param protocol what its clients speak
 * @param faults what happens to connections; the first is taken by the first connection, and so on;
 *     the last one stays
 * @param seed of all that is random; a failure prints it
 * @param shuffled whether connections that are ready at the same time take turns by the seed
 * @param patience how long something may be waited for: virtual time in memory, else wall-clock
 * @param leakCheck whether what is left at the end fails the test
 * @param begin the date at which the virtual time begins
 * @param server edits the options of the server
 */
public record TestOptions(
    Transport transport,
    TestProtocol protocol,
    Supplier<WireFaults> faults,
    long seed,
    boolean shuffled,
    Duration patience,
    boolean leakCheck,
    Instant begin,
    Consumer<ServerOptions.Builder> server) {
  /** In memory, HTTP/1.1, no faults, seed 0, a minute's patience, with the leak check. */
  public static final TestOptions DEFAULT =
      new TestOptions(
          Transport.MEMORY,
          TestProtocol.HTTP_1,
          () -> WireFaults.NONE,
          0,
          false,
          Duration.ofMinutes(1),
          true,
          Instant.parse("2026-01-01T00:00:00Z"),
          options -> {});

  /** What carries the bytes. */
  public enum Transport {
    /** Wires in memory, under virtual time, on the thread of the test. */
    MEMORY,
    /** Sockets on loopback, with threads of their own, by the wall clock. */
    TCP
  }

  /** On another transport. */
  public TestOptions withTransport(Transport other) {
    return new TestOptions(
        other, protocol, faults, seed, shuffled, patience, leakCheck, begin, server);
  }

  /** With another protocol. */
  public TestOptions withProtocol(TestProtocol other) {
    return new TestOptions(
        transport, other, faults, seed, shuffled, patience, leakCheck, begin, server);
  }

  /** With these faults on each connection. */
  public TestOptions withFaults(WireFaults each) {
    return withFaults(() -> each);
  }

  /** With faults that are asked for at each connection. */
  public TestOptions withFaults(Supplier<WireFaults> other) {
    return new TestOptions(
        transport, protocol, other, seed, shuffled, patience, leakCheck, begin, server);
  }

  /** With another seed, and with turns by it. */
  public TestOptions withSeed(long other) {
    return new TestOptions(
        transport, protocol, faults, other, true, patience, leakCheck, begin, server);
  }

  /** With more or less patience. */
  public TestOptions withPatience(Duration other) {
    return new TestOptions(
        transport, protocol, faults, seed, shuffled, other, leakCheck, begin, server);
  }

  /** For a test that leaves things behind on purpose. */
  public TestOptions withoutLeakCheck() {
    return new TestOptions(
        transport, protocol, faults, seed, shuffled, patience, false, begin, server);
  }

  /** With another date at which the virtual time begins. */
  public TestOptions withBegin(Instant other) {
    return new TestOptions(
        transport, protocol, faults, seed, shuffled, patience, leakCheck, other, server);
  }

  /** With other options of the server, after those that were set before. */
  public TestOptions withServer(Consumer<ServerOptions.Builder> edit) {
    return new TestOptions(
        transport,
        protocol,
        faults,
        seed,
        shuffled,
        patience,
        leakCheck,
        begin,
        server.andThen(edit));
  }
}
