package dev.runnel.conformance.hostile;

import dev.runnel.server.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Many clients, played by a few threads. */
final class Crowd {
  private Crowd() {}

  /** One client. */
  @FunctionalInterface
  interface Client {
    void run(int number) throws Exception;
  }

  /** Runs so many clients, one after the other on each thread, and fails with the first failure. */
  static void run(int threads, int clients, Client client) throws Exception {
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(
            pool.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < clients; i = next.getAndIncrement()) {
                    client.run(i);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        Eventually.getOfMany(one, "a part of the crowd to be done");
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
