package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Version;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client: sends requests over HTTP/1.1 and HTTP/2 on connections that it keeps. One serves a
 * whole application. Safe from any thread.
 *
 * <pre>
 *   try (Client client = Client.create()) {
 *     Response answer = client.fetch(Request.get("https://example.org/"));
 *     System.out.println(answer.status() + " " + answer.content().text());
 *   }
 * </pre>
 *
 * <p>A body has to be read ({@link Response#content()}) or given up ({@link
 * dev.runnel.http.Body#discard}): until then it holds its connection. One that is forgotten is
 * logged and given up when it is collected. Futures complete on a loop of the client: what follows
 * on them must not block.
 */
public final class Client implements AutoCloseable {
  private final Settings settings;
  private final ClientTransport transport;
  private final boolean ownsTransport;
  private final Pools pools;
  private final Network network;
  private final ClientFilter.Next chain;
  private volatile boolean closed;

  Client(Settings settings, ClientTransport transport, boolean ownsTransport) {
    this.settings = settings;
    this.transport = transport;
    this.ownsTransport = ownsTransport;
    this.pools = new Pools(transport, settings.pool());
    this.network = new Network(settings, pools);
    this.chain = ClientFilter.chain(settings.filters(), network);
  }

  /** What calls ask of their client. */
  record Settings(
      CallTimeouts timeouts,
      PoolOptions pool,
      ClientTls tls,
      Protocol protocol,
      ProxyChoice proxies,
      Headers headers,
      long maxHeld,
      List<ClientFilter> filters) {}

  /** A client with all defaults: redirects followed, proxies of the environment, no cookies. */
  public static Client create() {
    return builder().build();
  }

  /** A client to be set up. */
  public static ClientBuilder builder() {
    return new ClientBuilder();
  }

  /**
   * Sends a request. Any request: one to be sent, or one that a server received.
   *
   * @return completes with the head of the answer, its body still on its way; fails with a {@link
   *     dev.runnel.transport.ClientException}. Cancelling it gives the call up at once: closes the
   *     connection over HTTP/1.1, resets the stream over HTTP/2
   */
  public CompletableFuture<Response> send(Request request) {
    return begin(request);
  }

  private CallFuture begin(Request request) {
    CallScope scope = new CallScope(transport.loop());
    CallFuture result = new CallFuture(scope);
    Request call = withDefaults(request).with(CallScope.KEY, scope);
    if (closed) {
      result.settle(null, Failures.closed());
      return result;
    }
    scope.limit(timeouts(request).call());
    try {
      chain
          .send(call)
          .whenComplete((response, error) -> result.settle(held(request, response), error));
    } catch (RuntimeException e) {
      result.settle(null, e);
    }
    return result;
  }

  /** The time limits of calls that have none of their own. */
  public CallTimeouts timeouts() {
    return settings.timeouts();
  }

  private CallTimeouts timeouts(Request request) {
    CallTimeouts own = CallOptions.of(request).timeouts();
    return own == null ? settings.timeouts() : own;
  }

  private Request withDefaults(Request request) {
    if (ReverseProxy.isForwarded(request)) {
      return request; // what is said of the agent is said by the one who asked
    }
    Headers said = request.headers();
    Headers all = said;
    for (Headers.Field field : settings.headers()) {
      if (said.get(field.name()) == null) {
        all = all.with(field.name(), field.value());
      }
    }
    Headers complete = all;
    return complete.size() == said.size() ? request : request.withHeaders(headers -> complete);
  }

  private @Nullable Response held(Request request, @Nullable Response response) {
    long own = CallOptions.of(request).maxHeld();
    return response == null
        ? null
        : HeldBody.limit(response, own >= 0 ? own : settings.maxHeld(), request);
  }

  /**
   * Sends a request, and waits for the head of the answer.
   *
   * @throws dev.runnel.transport.ClientException if there is none
   * @throws IllegalStateException on a loop of this client, which would wait for itself
   */
  public Response fetch(Request request) {
    if (transport.isLoop()) {
      throw new IllegalStateException("fetch waits, and a loop of the client must not: use send");
    }
    CompletableFuture<Response> answer = send(request);
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        cause.addSuppressed(new IllegalStateException("the call was made here"));
        throw cause;
      }
      throw e;
    }
  }

  /** {@link #send} of a GET request. */
  public CompletableFuture<Response> get(String uri) {
    return send(Request.get(uri));
  }

  /**
   * Asks for another protocol (RFC 9110 7.8): over HTTP/1.1, or over HTTP/2 as an extended CONNECT
   * (RFC 8441) where the call's options say so.
   *
   * @param protocol the name of the protocol, such as {@code websocket}
   * @param handshake the protocol's own fields, by the version that it is asked with
   * @return completes with the connection; fails with {@code NOT_UPGRADED} if the server answers
   *     otherwise, and the cause is what it said. Cancelling gives the call up
   */
  public CompletableFuture<Upgraded> upgrade(
      Request request, String protocol, Function<Version, Headers> handshake) {
    CallFuture answer = begin(request.with(UpgradeWish.KEY, new UpgradeWish(protocol, handshake)));
    CompletableFuture<Upgraded> result = new DerivedFuture<>(answer);
    answer.whenComplete(
        (response, error) -> {
          if (error != null) {
            result.completeExceptionally(Failures.cause(error));
          } else if (response.body() instanceof UpgradedBody body) {
            // Behind the step of the connection that read the answer: it has left HTTP by then.
            body.upgraded().loop().execute(() -> handOver(body, result));
          } else {
            refused(request, protocol, response, result);
          }
        });
    return result;
  }

  private static void handOver(UpgradedBody body, CompletableFuture<Upgraded> result) {
    if (!result.complete(body.upgraded())) {
      body.discard();
    }
  }

  private static void refused(
      Request request, String protocol, Response response, CompletableFuture<Upgraded> result) {
    ErrorAnswers.read(request, response)
        .whenComplete(
            (said, unread) -> {
              Throwable cause = said == null ? unread : said;
              String message = "no " + protocol + ": " + cause.getMessage();
              result.completeExceptionally(
                  new ClientException(Reason.NOT_UPGRADED, message, false, cause));
            });
  }

  /** What there is at the moment. */
  public PoolStats stats() {
    return pools.stats();
  }

  /**
   * Takes no more calls, lets those under way end within this time, and closes. What has no end,
   * such as a WebSocket session, is told at once ({@link Upgraded#life()}).
   *
   * @return completes when all connections and threads are gone
   */
  public CompletableFuture<Void> closeAsync(Duration drain) {
    closed = true;
    pools.close();
    return ClientDrain.start(pools, transport, ownsTransport, drain);
  }

  /** {@link #closeAsync} with no time for calls under way, waited for. */
  @Override
  public void close() {
    if (transport.isLoop()) {
      throw new IllegalStateException("close waits, and a loop must not: use closeAsync");
    }
    closeAsync(Duration.ZERO).join();
  }
}
