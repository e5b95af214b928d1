package dev.runnel.testkit;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import dev.runnel.memory.WireFaults;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A server for one test, with its clients: the real codecs in memory, on the thread of the test,
 * under a clock that only the test moves. Whoever waits here lets virtual time pass to what happens
 * next, so that a minute costs a millisecond; {@link #advance} lets it pass by itself. Closing it
 * is the leak check.
 *
 * <pre>
 *   try (TestServer server = TestServer.of(router)) {
 *     assertThat(server.get("/hello/you").text()).isEqualTo("Hello, you");
 *   }
 * </pre>
 *
 * <p>Blocking handlers run in step with the rest: nothing else runs until they end or wait. What a
 * handler runs on threads of its own keeps the wall clock, and virtual time does not wait for it.
 *
 * <p>For one thread.
 */
public final class TestServer implements AutoCloseable {
  /** For calls that end a moment after their clients. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final TestOptions options;
  private final Ground ground;
  private final Calls calls;
  private final List<Client> clients = new ArrayList<>();
  private final List<RawPeer> peers = new ArrayList<>();

  /**
   * Answers whose bodies are the caller's to read. A client ends a call whose answer was collected
   * unread, and when that happens must not depend on the collector here.
   */
  private final List<CompletableFuture<Response>> handedOut = new ArrayList<>();

  private final long begun;
  private @Nullable Client client;
  private @Nullable CompletableFuture<DrainReport> stop;
  private boolean closed;

  TestServer(TestOptions options, Ground ground) {
    this.options = options;
    this.ground = ground;
    this.calls = new Calls(ground::calls, ground.seen());
    this.begun = ground.driver().nanoTime();
  }

  /** A server of these routes, in memory. */
  public static TestServer of(Routes routes) {
    return of(routes, TestOptions.DEFAULT);
  }

  /** A server of these routes. */
  public static TestServer of(Routes routes, TestOptions options) {
    return of(Router.of(routes), options);
  }

  /** A server of this handler, in memory; a {@link Router} is one. */
  public static TestServer of(Handler handler) {
    return of(handler, TestOptions.DEFAULT);
  }

  /** A server of this handler. */
  public static TestServer of(Handler handler, TestOptions options) {
    if (options.transport() == TestOptions.Transport.TCP) {
      return new TestServer(options, new TcpGround(handler, options));
    }
    ManualDriver driver = new ManualDriver();
    return new TestServer(options, new MemoryGround(handler, options, driver, driver::on));
  }

  // --- calls ---

  /** GET, with the whole answer. */
  public TestResponse get(String path) {
    return send(request("GET", path));
  }

  /** A request to this server, to be filled and sent. */
  public OutgoingRequest request(String method, String path) {
    return Request.of(Method.of(method), Uri.of(url(path)));
  }

  /** Sends a request, and waits for the whole answer. */
  public TestResponse send(Request request) {
    String asked = request.method() + " " + request.target();
    return whole(asked, await(client().send(request)));
  }

  /**
   * Sends a request, and waits for the head of the answer; its body is read by who asked. Until
   * then the call goes on, to the end of the test if need be, whether the answer is kept or not.
   */
  public Response open(Request request) {
    return await(begin(request));
  }

  /** Sends a request, and waits for nothing; the call goes on as that of {@link #open} does. */
  public CompletableFuture<Response> begin(Request request) {
    CompletableFuture<Response> answer = client().send(request);
    handedOut.add(answer);
    driver().run();
    return answer;
  }

  /** Reads the body of an answer to its end. */
  public TestResponse whole(Response response) {
    return whole("a request", response);
  }

  private TestResponse whole(String asked, Response response) {
    byte[] body = await(response.content().bytesAsync());
    Supplier<Headers> trailers = response.trailers();
    return new TestResponse(
        asked, response, body, trailers == null ? Headers.EMPTY : trailers.get());
  }

  /**
   * Waits for what will be, as long as the patience of the test, and gives it.
   *
   * @throws AssertionError if it does not come in time
   * @throws CompletionException if it fails
   */
  public <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (!driver().until(future::isDone, options.patience())) {
      throw failure(
          new AssertionError("waited " + options.patience() + " in vain; calls: " + calls.all()));
    }
    try {
      return future.join();
    } catch (CompletionException e) {
      e.addSuppressed(report());
      throw e;
    }
  }

  /** Lets time pass until this holds. */
  public void until(BooleanSupplier condition, String what) {
    if (!driver().until(condition, options.patience())) {
      throw failure(new AssertionError("waited " + options.patience() + " in vain for " + what));
    }
  }

  // --- clients ---

  /** The client behind the calls, made when it is first asked for. */
  public Client client() {
    Client made = client;
    if (made == null) {
      made = client(builder -> builder);
      client = made;
    }
    return made;
  }

  /** Another client, with connections of its own; closed with the server. */
  public Client client(UnaryOperator<ClientBuilder> edit) {
    Client made = ground.client(edit);
    clients.add(made);
    return made;
  }

  /** A connection of raw bytes in clear, with the faults of the options. */
  public RawPeer raw() {
    return raw(null);
  }

  /** A connection of raw bytes in clear, with these faults; null for those of the options. */
  public RawPeer raw(@Nullable WireFaults faults) {
    RawPeer peer = new RawPeer(ground.connect(faults), driver(), options.patience());
    peers.add(peer);
    driver().run();
    return peer;
  }

  /**
   * A scripted HTTP/2 client in clear that has greeted the server: preface and empty SETTINGS. One
   * that has not is {@code Http2Peer.on(raw())}.
   */
  public Http2Peer http2() {
    return http2(null);
  }

  /** Like the other {@link #http2()}, with these faults; null for those of the options. */
  public Http2Peer http2(@Nullable WireFaults faults) {
    return Http2Peer.on(raw(faults)).preface().settings();
  }

  /** The URL of a path here. */
  public String url(String path) {
    return path.startsWith("/") ? ground.url(path) : path;
  }

  // --- time ---

  /** Lets virtual time pass; on TCP, waits so long. */
  public void advance(Duration time) {
    driver().advance(time);
  }

  /** Runs all that is ready, without letting time pass. */
  public void runCurrent() {
    driver().run();
  }

  /** Lets time pass until no call is active. */
  public void idle() {
    until(() -> calls.active() == 0, "the calls to end: " + calls.all());
  }

  /** The time since the server was started. */
  public Duration elapsed() {
    return Duration.ofNanos(driver().nanoTime() - begun);
  }

  Driver driver() {
    return ground.driver();
  }

  Duration patience() {
    return options.patience();
  }

  // --- the server ---

  /** The calls of this server, with those that are over. */
  public Calls calls() {
    return calls;
  }

  /** Bytes that were no request, and what was said to them. */
  public List<String> rejections() {
    return ground.seen().rejections();
  }

  /** How many connections are open. */
  public int connections() {
    return ground.connections();
  }

  /** Stops the server as its operator would; the report comes as time passes. */
  public CompletableFuture<DrainReport> stop(Duration drain) {
    CompletableFuture<DrainReport> report = ground.stop(drain);
    stop = report;
    driver().run();
    return report;
  }

  /** Accepts no connections until {@link #resume()}. */
  public void pause() {
    ground.pause();
    driver().run();
  }

  /** Accepts connections again. */
  public void resume() {
    ground.resume();
    driver().run();
  }

  /** What arrived on the wires, for people; empty on TCP. */
  public String trace() {
    return ground.trace();
  }

  /** A checksum over all that arrived, with its times: the same seed gives the same. 0 on TCP. */
  public long checksum() {
    return ground.checksum();
  }

  // --- the end ---

  /** The report beside a failure: seed, time, faults, wires. */
  public <E extends Throwable> E failure(E error) {
    error.addSuppressed(report());
    return error;
  }

  private TestReport report() {
    String wires = trace();
    return new TestReport(
        "\nseed "
            + options.seed()
            + (options.shuffled() ? ", shuffled" : "")
            + ", at "
            + elapsed()
            + "; calls: "
            + (calls.all().isEmpty() ? "none" : calls.all())
            + (wires.isEmpty() ? "" : "\nthe wires:\n" + wires));
  }

  /**
   * Ends the clients, then the server, and fails if anything is left: calls that did not end with
   * their clients, connections, blocking code, timers, buffers.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    peers.forEach(RawPeer::close);
    List<CompletableFuture<Void>> ends =
        clients.stream().map(c -> c.closeAsync(Duration.ZERO)).toList();
    boolean over = driver().until(() -> ends.stream().allMatch(CompletableFuture::isDone), GRACE);
    over &= driver().until(() -> calls.active() == 0, GRACE);
    AssertionError leak = over || !options.leakCheck() ? null : leak();
    CompletableFuture<DrainReport> stopping = stop == null ? ground.stop(Duration.ZERO) : stop;
    boolean stopped = driver().until(stopping::isDone, GRACE.multipliedBy(4));
    ground.end();
    if (leak == null && options.leakCheck() && (!stopped || !ground.left().isEmpty())) {
      leak = leak();
    }
    if (leak != null) {
      throw failure(leak);
    }
  }

  private AssertionError leak() {
    List<Throwable> left = ground.left();
    AssertionError leak =
        new AssertionError(
            "left behind at the end of the test: "
                + (left.isEmpty()
                    ? "a server that does not stop"
                    : left.stream().map(Throwable::getMessage).toList()));
    left.forEach(leak::addSuppressed);
    return leak;
  }

  /** Gives up a body that nobody wants. */
  public void discard(Response response) {
    Body.discard(response.body());
    driver().run();
  }
}
