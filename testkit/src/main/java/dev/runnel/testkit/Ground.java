package dev.runnel.testkit;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.engine.DrainReport;
import dev.runnel.memory.WireFaults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a test server stands on: memory or TCP. */
interface Ground {
  /** Who lets time pass. */
  Driver driver();

  /** A client of the protocol of the test; who asks closes it. */
  Client client(UnaryOperator<ClientBuilder> edit);

  /** A connection of raw bytes, with these faults, or those of the options. */
  RawLink connect(@Nullable WireFaults faults);

  /** The URL of a path. */
  String url(String path);

  int calls();

  int connections();

  Observations seen();

  CompletableFuture<DrainReport> stop(Duration drain);

  void pause();

  void resume();

  /** What happened on the wires, for people; empty where it is not known. */
  String trace();

  /** A checksum over what happened on the wires; 0 where it is not known. */
  long checksum();

  /** What is left when all clients and the server are gone: one line each. */
  List<Throwable> left();

  /** Releases what the ground itself has. */
  void end();
}
