package dev.runnel.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.Client;
import dev.runnel.client.PoolStats;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Content;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.testing.Leaks;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand calls at once, each given up somewhere: nothing of them stays, here or at the server,
 * and the next call is answered. The seed of a failure is in its message; {@code
 * -Drunnel.cancel.seed} plays it again, as far as threads can be played again.
 */
class CancelledCallsTest {
  private static final int CALLS = 1000;
  private static final int PIECE = 16 << 10;
  private static final int BIG = 2 << 20;
  private static final Bytes BYTES = Bytes.Unsafe.wrap(new byte[PIECE]);
  private static final String ID = "X-Id";

  private final long seed =
      Long.getLong("runnel.cancel.seed", ThreadLocalRandom.current().nextLong());
  private final Random random = new Random(seed);
  private final ScheduledExecutorService elsewhere = Executors.newScheduledThreadPool(2);
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Throwable> surprises = new ConcurrentLinkedQueue<>();

  /** Where a call is given up. */
  private enum Point {
    AT_ONCE,
    FROM_ELSEWHERE,
    SOME_TIME,
    AT_THE_SERVER,
    IN_THE_UPLOAD,
    AT_THE_HEAD,
    IN_THE_BODY,
    AFTER_THE_END
  }

  @AfterEach
  void stopCancelling() {
    elsewhere.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void leaveNothingBehind(Way way) throws Exception {
    Leaks buffers = new Leaks();
    try (LiveServer server = way.server(this::handle)) {
      List<Client> clients = clients(way);
      try {
        for (int i = 0; i < CALLS; i++) {
          begin(clients.get(i * clients.size() / CALLS), way.url(server, ""), i);
        }
        calls.values().forEach(this::awaitEnd);
        assertThat(surprises).as(told()).isEmpty();
        clients.forEach(this::awaitQuiet);
        Eventually.until(
            () -> server.server().calls() == 0,
            () -> told() + server.server().calls() + " calls are left at the server");
        assertEachPointWasMet();
        for (Client client : clients) {
          Response next = client.fetch(Request.get(way.url(server, "/instant")));
          assertThat(next.content().text()).as(told()).isEqualTo("hello");
        }
      } finally {
        clients.forEach(Client::close);
      }
    }
    Eventually.until(() -> buffers.left().isEmpty(), () -> told() + buffers.left());
  }

  /**
   * More than 200 resets at once are an attack over HTTP/2, and the end of their connection. How
   * many calls a connection gets is a matter of time, but no client can reset more than it has.
   */
  private static List<Client> clients(Way way) {
    int count = way == Way.HTTP_1_1 ? 1 : 6;
    return Stream.generate(() -> patient(way)).limit(count).toList();
  }

  /** None of a thousand calls ends by a limit of the real clock, however slow the machine is. */
  private static Client patient(Way way) {
    return way.client()
        .pool(p -> p.withWaiting(CALLS))
        .timeouts(
            t -> t.withQueue(Duration.ZERO).withHead(Duration.ZERO).withBodyStall(Duration.ZERO))
        .build();
  }

  private void awaitQuiet(Client client) {
    Eventually.until(() -> isQuiet(client.stats()), () -> told() + client.stats());
  }

  private String told() {
    return "seed " + seed + ": ";
  }

  private static boolean isQuiet(PoolStats stats) {
    return stats.calls() == 0
        && stats.waiting() == 0
        && stats.dialing() == 0
        && stats.idle() == stats.connections();
  }

  /** Each point gave up some call that would have gone on. */
  private void assertEachPointWasMet() {
    Map<Point, Integer> met = new EnumMap<>(Point.class);
    for (Call call : calls.values()) {
      if (call.gaveUp) {
        met.merge(call.point, 1, Integer::sum);
      }
    }
    for (Point point : Point.values()) {
      if (point != Point.AFTER_THE_END && point != Point.SOME_TIME) {
        assertThat(met.getOrDefault(point, 0)).as(told() + point + " of " + met).isPositive();
      }
    }
  }

  // --- the calls ---

  private static final class Call {
    final Point point;
    final int after;
    final CompletableFuture<Void> over = new CompletableFuture<>();
    final CompletableFuture<CompletableFuture<Response>> begun = new CompletableFuture<>();
    volatile boolean gaveUp;

    Call(Point point, int after) {
      this.point = point;
      this.after = after;
    }

    /** Now, or as soon as it can be: the server may be faster than the caller. */
    void giveUp() {
      var unused = begun.thenAccept(answer -> gaveUp |= answer.cancel(false));
    }

    boolean isOver() {
      CompletableFuture<Response> answer = begun.getNow(null);
      return answer != null && answer.isDone();
    }
  }

  private void begin(Client client, String server, int number) {
    Point point = Point.values()[number % Point.values().length];
    Call call = new Call(point, random.nextInt(BIG));
    String id = Integer.toString(number);
    calls.put(id, call);
    Request request = request(call, server + path(point)).withHeaders(h -> h.with(ID, id));
    CompletableFuture<Response> answer = client.send(request);
    var unusedToo = answer.whenComplete((response, error) -> answered(call, response, error));
    boolean begun = call.begun.complete(answer);
    assertThat(begun).isTrue();
    switch (point) {
      case AT_ONCE -> call.giveUp();
      case FROM_ELSEWHERE -> elsewhere.execute(call::giveUp);
      case SOME_TIME -> {
        var unused = elsewhere.schedule(call::giveUp, random.nextInt(200), TimeUnit.MILLISECONDS);
      }
      default -> {
        // when it comes so far
      }
    }
  }

  private String path(Point point) {
    return switch (point) {
      case AT_THE_SERVER -> random.nextBoolean() ? "/never" : "/sink-of-nothing";
      case IN_THE_UPLOAD -> "/sink";
      case IN_THE_BODY -> "/big";
      case AT_THE_HEAD -> random.nextBoolean() ? "/big" : "/slow-body";
      case AFTER_THE_END -> random.nextBoolean() ? "/instant" : "/sink";
      default ->
          List.of("/instant", "/slow-head", "/slow-body", "/big", "/sink").get(random.nextInt(5));
    };
  }

  private Request request(Call call, String url) {
    return url.contains("/sink") ? Request.post(url).body(new Upload(call)) : Request.get(url);
  }

  /** As much as is taken, and in the midst of it the end where that is the point. */
  private record Upload(Call call) implements Body.Producer {
    @Override
    public void produce(BodyWriter writer) {
      new Writing(call, writer).run();
    }
  }

  private static final class Writing implements Runnable {
    private final Call call;
    private final BodyWriter out;
    private int written;

    Writing(Call call, BodyWriter out) {
      this.call = call;
      this.out = out;
    }

    @Override
    public void run() {
      if (call.isOver()) {
        return; // nobody takes it any more
      }
      boolean more = true;
      while (more && written < BIG) {
        more = out.write(BYTES);
        written += PIECE;
        if (call.point == Point.IN_THE_UPLOAD && written > call.after) {
          call.giveUp();
          return;
        }
      }
      if (written < BIG) {
        out.onWritable(this);
      } else {
        out.end();
      }
    }
  }

  private void answered(Call call, @Nullable Response response, @Nullable Throwable error) {
    if (response == null) {
      if (!isExpected(error)) {
        surprises.add(error == null ? new AssertionError("neither answer nor error") : error);
      }
      call.over.complete(null);
    } else if (call.point == Point.AT_THE_HEAD) {
      call.gaveUp = true;
      Body.discard(response.body());
      call.over.complete(null);
    } else if (response.content().isEmpty()) {
      call.over.complete(null);
    } else {
      Content content = response.content();
      Loop home = content.home();
      Runnable reading = () -> new Reading(call, content.reader()).run();
      if (home == null) {
        reading.run();
      } else {
        home.execute(reading);
      }
    }
  }

  private static boolean isExpected(@Nullable Throwable error) {
    return error instanceof CancellationException
        || (error instanceof ClientException failure && failure.reason() == Reason.CANCELLED);
  }

  private final class Reading implements Runnable {
    private final Call call;
    private final BodyReader in;
    private int read;

    Reading(Call call, BodyReader in) {
      this.call = call;
      this.in = in;
    }

    @Override
    public void run() {
      try {
        for (Bytes next = in.poll(); next != null; next = in.poll()) {
          read += next.length();
          if (call.point == Point.IN_THE_BODY && read > call.after) {
            call.gaveUp = true;
            in.cancel();
            call.over.complete(null);
            return;
          }
        }
        if (!in.ended()) {
          in.onReady(this);
          return;
        }
        call.giveUp(); // does nothing any more
      } catch (RuntimeException e) {
        surprises.add(e);
      }
      call.over.complete(null);
    }
  }

  private void awaitEnd(Call call) {
    Eventually.untilOfMany(
        call.over::isDone, () -> told() + "a call with " + call.point + " to end");
  }

  // --- the server ---

  private void handle(Exchange x) {
    String id = x.request().header(ID);
    Call call = id == null ? null : calls.get(id);
    if (call != null && call.point == Point.AT_THE_SERVER) {
      call.giveUp();
    }
    switch (x.request().rawPath()) {
      case "/instant" -> x.respond(Response.ok("hello"));
      case "/never", "/sink-of-nothing" -> x.onCancel(cause -> {});
      case "/slow-head" ->
          x.loop().schedule(() -> respond(x, Response.ok("late")), Duration.ofMillis(50));
      case "/slow-body" -> new Dripping(x, x.respond(Status.OK, Headers.EMPTY)).run();
      case "/big" -> new Flowing(x, x.respond(Status.OK, Headers.EMPTY)).run();
      default -> new Sink(x, x.body()).run();
    }
  }

  private static void respond(Exchange x, Response response) {
    if (x.cancelled() == null) {
      x.respond(response);
    }
  }

  private static final class Dripping implements Runnable {
    private final Exchange x;
    private final BodyWriter out;
    private int left = 20;

    Dripping(Exchange x, BodyWriter out) {
      this.x = x;
      this.out = out;
    }

    @Override
    public void run() {
      if (x.cancelled() != null) {
        return;
      }
      if (left-- == 0) {
        out.end();
      } else {
        boolean unused = out.write(Bytes.utf8("drop"));
        x.loop().schedule(this, Duration.ofMillis(2));
      }
    }
  }

  private static final class Flowing implements Runnable {
    private final Exchange x;
    private final BodyWriter out;
    private int left = BIG + PIECE;

    Flowing(Exchange x, BodyWriter out) {
      this.x = x;
      this.out = out;
    }

    @Override
    public void run() {
      if (x.cancelled() != null) {
        return;
      }
      boolean more = true;
      while (more && left > 0) {
        left -= PIECE;
        more = out.write(BYTES);
      }
      if (left <= 0) {
        out.end();
      } else {
        out.onWritable(this);
      }
    }
  }

  private static final class Sink implements Runnable {
    private final Exchange x;
    private final BodyReader in;
    private long read;

    Sink(Exchange x, BodyReader in) {
      this.x = x;
      this.in = in;
    }

    @Override
    public void run() {
      if (x.cancelled() != null) {
        return;
      }
      for (Bytes next = in.poll(); next != null; next = in.poll()) {
        read += next.length();
      }
      if (in.ended()) {
        x.respond(Response.ok(Long.toString(read)));
      } else {
        in.onReady(this);
      }
    }
  }
}
