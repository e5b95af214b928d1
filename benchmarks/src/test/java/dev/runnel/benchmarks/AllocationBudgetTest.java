package dev.runnel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.engine.Handlers;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.routing.Routes;
import dev.runnel.server.Eventually;
import dev.runnel.server.Server;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a request allocates on the loop of a server on TCP, from the read to the write: bytes are
 * the same from run to run where times are not, so they can have a budget. Compiled code allocates
 * less than what is not compiled yet, so each case runs until its figure stands still.
 *
 * <p>The build runs it with {@code -Xbatch}, without which what is compiled when, and so up to a
 * tenth of the figure, is a matter of luck.
 */
class AllocationBudgetTest {
  private static final byte[] NONE = {};
  private static final byte[] KIBIBYTE = new byte[1 << 10];

  /** Enough for the second compiler to have seen all that runs often. */
  private static final int WARM_UP = 24_000;

  private static final int WARM_UP_AT_ONCE = 16;

  private static final int WINDOW = 1_008;

  /** Windows in a row that have to bring nothing new. */
  private static final int STANDSTILL = 3;

  /** What is new, as a part of the figure. */
  private static final double PROGRESS = 0.005;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final CompletableFuture<Thread> LOOP = new CompletableFuture<>();

  private static Server server;

  private record Case(
      String protocol,
      String what,
      String method,
      String target,
      boolean numbered,
      int atOnce,
      int budget) {
    Load start() throws IOException {
      byte[] body = method.equals("GET") ? NONE : KIBIBYTE;
      return protocol.equals("HTTP/2")
          ? new Http2Load(server.port(), method, target, body)
          : new Http1Load(server.port(), method, target, body, numbered);
    }

    @Override
    public String toString() {
      return protocol + ", " + what;
    }
  }

  private static Case http1(String what, String method, String target, int atOnce, int budget) {
    return new Case("HTTP/1.1", what, method, target, false, atOnce, budget);
  }

  /** No head is the one before it: so all of them are parsed. */
  private static Case numbered(String what, String target, int budget) {
    return new Case("HTTP/1.1", what + ", another head each time", "GET", target, true, 1, budget);
  }

  private static Case http2(String what, String method, String target, int atOnce, int budget) {
    return new Case("HTTP/2", what, method, target, false, atOnce, budget);
  }

  /** Bytes per request; some 12 % above what was measured on the JDK that needs more. */
  static List<Case> cases() {
    return List.of(
        http1("Kotlin plaintext", "GET", "/plaintext", 1, 600),
        http1("Kotlin plaintext, 16 pipelined", "GET", "/plaintext", 16, 580),
        numbered("Kotlin plaintext", "/plaintext", 920),
        http1("Kotlin path parameter", "GET", "/users/12345678", 1, 710),
        http1("Kotlin JSON", "GET", "/json", 1, 920),
        http1("Kotlin echo of 1 KiB", "POST", "/echo", 1, 4500),
        http1("Java plaintext, exchange", "GET", "/java/exchange", 1, 380),
        numbered("Java plaintext, exchange", "/java/exchange", 720),
        http1("Java plaintext, async", "GET", "/java/async", 1, 380),
        http2("Kotlin plaintext", "GET", "/plaintext", 1, 1120),
        http2("Kotlin plaintext, 16 streams", "GET", "/plaintext", 16, 1070),
        http2("Kotlin path parameter", "GET", "/users/12345678", 1, 1220),
        http2("Kotlin JSON", "GET", "/json", 1, 1390),
        http2("Kotlin echo of 1 KiB", "POST", "/echo", 1, 5550),
        http2("Java plaintext, exchange", "GET", "/java/exchange", 1, 850));
  }

  @BeforeAll
  static void start() throws Exception {
    server =
        Server.builder()
            .port(0)
            .routes(BudgetRoutesKt.budgetRoutes(Routes.of(AllocationBudgetTest::java)))
            .options(o -> o.loops(1))
            .start();
    try (Load load = new Http1Load(server.port(), "GET", "/java/loop", NONE, false)) {
      load.burst(1);
      assertThat(Eventually.get(LOOP, "the thread of the loop").getName()).contains("loop");
    }
  }

  private static void java(RouteBuilder r) {
    r.handle(Method.GET, "/exchange", x -> x.respond(Response.ok("Hello, World!")));
    r.handle(
        Method.GET,
        "/async",
        Handlers.async(request -> CompletableFuture.completedFuture(Response.ok("Hello, World!"))));
    r.handle(
        Method.GET,
        "/loop",
        x -> {
          LOOP.complete(Thread.currentThread());
          x.respond(Response.ok("this one"));
        });
  }

  @AfterAll
  static void stop() {
    server.stop(Duration.ZERO);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRequestAllocatesNoMoreThanItsBudget(Case row) throws Exception {
    long measured;
    try (Load load = row.start()) {
      measured = Math.round(leastPerRequest(load, row.atOnce()));
    }
    assertThat(measured)
        .as(
            "%s: a request allocates %d bytes on the loop, its budget is %d. Find what allocates"
                + " more (docs/memory.md says how) and save it; if it is worth its bytes, raise the"
                + " budget in the same commit and say why",
            row, measured, row.budget())
        .isLessThanOrEqualTo(row.budget());
  }

  private static double leastPerRequest(Load load, int atOnce) throws Exception {
    run(load, WARM_UP, WARM_UP_AT_ONCE);
    double least = window(load, atOnce);
    for (int still = 0; still < STANDSTILL; still++) {
      double next = window(load, atOnce);
      if (next < least * (1 - PROGRESS)) {
        still = -1;
      }
      least = Math.min(least, next);
    }
    return least;
  }

  private static double window(Load load, int atOnce) throws Exception {
    long before = allocated();
    run(load, WINDOW, atOnce);
    return (double) (allocated() - before) / WINDOW;
  }

  private static long allocated() {
    return THREADS.getThreadAllocatedBytes(LOOP.join().getId());
  }

  private static void run(Load load, int requests, int atOnce) throws IOException {
    for (int i = 0; i < requests; i += atOnce) {
      load.burst(atOnce);
    }
  }
}
