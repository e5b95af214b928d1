package dev.runnel.client;

import dev.runnel.engine.Handler;
import dev.runnel.engine.Handlers;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import dev.runnel.http.Version;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * How requests that a server received are sent on, and the answers sent back: a gateway (RFC 9110
 * 3.7). An immutable value: methods that look like changes give another one.
 *
 * <pre>
 *   routes.handle(Method.GET, "/{path...}", ReverseProxy.DEFAULT.handler(client, Uri.of("http://backend")));
 * </pre>
 *
 * <p>Bodies stream both ways as fast as the slower side takes them, and trailers go with them.
 * Fields that are about one connection stay behind (RFC 9110 7.6.1). Redirects, cookies and content
 * codings are those of the one who asked: the client neither follows, keeps nor undoes them. A
 * request for another protocol, WebSocket above all, joins both connections. Where one who asked
 * leaves, the call behind is given up.
 *
 * <p>What goes wrong behind is answered with a problem document that names nothing of it: 502 where
 * the server is not reached or speaks no HTTP, 504 where it is too slow, 503 with Retry-After where
 * too many calls wait.
 */
public final class ReverseProxy {
  /** X-Forwarded-* said, Host that of the server behind, {@code runnel} in Via. */
  public static final ReverseProxy DEFAULT =
      new ReverseProxy(Forwarding.X_FORWARDED, false, "runnel", "");

  private static final Request.Key<Boolean> FORWARDED = Request.Key.of("forwarded");

  private final Forwarding forwarding;
  private final boolean keepsHost;
  private final String pseudonym;
  private final String prefix;

  /** How the server behind learns who asked. */
  public enum Forwarding {
    /** It does not; fields that came are left as they are. */
    NONE,
    /** Forwarded (RFC 7239): one more element. X-Forwarded-* that came stay behind. */
    FORWARDED,
    /**
     * One more address in X-Forwarded-For; X-Forwarded-Proto and -Host are set. Forwarded that came
     * stays behind.
     */
    X_FORWARDED
  }

  private ReverseProxy(Forwarding forwarding, boolean keepsHost, String pseudonym, String prefix) {
    this.forwarding = forwarding;
    this.keepsHost = keepsHost;
    this.pseudonym = pseudonym;
    this.prefix = prefix;
  }

  /** Saying in this way who asked. */
  public ReverseProxy withForwarding(Forwarding value) {
    return new ReverseProxy(Objects.requireNonNull(value), keepsHost, pseudonym, prefix);
  }

  /** Whether the server behind gets the Host that was asked for, instead of its own. */
  public ReverseProxy withHostKept(boolean kept) {
    return new ReverseProxy(forwarding, kept, pseudonym, prefix);
  }

  /**
   * With another name in Via (RFC 9110 7.6.3).
   *
   * @throws IllegalArgumentException if it is no token or host
   */
  public ReverseProxy withPseudonym(String name) {
    if (!name.matches("[0-9A-Za-z!#$%&'*+.^_`|~:-]+")) {
      throw new IllegalArgumentException("not a name for Via: '" + name + "'");
    }
    return new ReverseProxy(forwarding, keepsHost, name, prefix);
  }

  /**
   * Without this beginning of the path: {@code /api} makes {@code /api/x} be {@code /x} behind.
   *
   * @throws IllegalArgumentException if it does not begin with a slash, or ends with one
   */
  public ReverseProxy withoutPrefix(String path) {
    if (!path.startsWith("/") || path.endsWith("/")) {
      throw new IllegalArgumentException(
          "a prefix begins with a slash and does not end with one, but is '" + path + "'");
    }
    return new ReverseProxy(forwarding, keepsHost, pseudonym, path);
  }

  static boolean isForwarded(Request request) {
    return request.attribute(FORWARDED) != null;
  }

  /**
   * The request as it is sent to the server behind.
   *
   * @param base where that is; the path and query asked for stand below its path
   * @throws dev.runnel.http.HttpError 400 if the target cannot be sent on
   */
  public Request toUpstream(Request request, Uri base) {
    Uri uri = Upstream.uri(request, base, prefix);
    UpgradeWish wish = ForwardedUpgrade.wish(request);
    Headers headers = HopFields.without(request.headers()).without(HeaderNames.HOST);
    if (keepsHost && !request.authority().isEmpty()) {
      headers = headers.set(HeaderNames.HOST, request.authority());
    }
    headers = headers.with("Via", via(request.version()));
    headers = Upstream.forwarded(forwarding, request, headers);
    CallOptions options = CallOptions.of(request);
    if (request.headers().hasToken(HeaderNames.EXPECT, "100-continue")) {
      headers = headers.without(HeaderNames.EXPECT);
      options = options.withExpectContinue();
    }
    Headers sent = headers;
    Request upstream =
        request
            .withUri(uri)
            .withHeaders(ignored -> sent)
            .with(FORWARDED, true)
            .with(CallOptions.KEY, options);
    return wish == null ? upstream : upstream.withMethod(Method.GET).with(UpgradeWish.KEY, wish);
  }

  /** The answer as it is sent back. */
  public Response toDownstream(Request request, Response answer) {
    Headers headers = HopFields.without(answer.headers());
    Version version = answer.received() == null ? Version.HTTP_1_1 : answer.received().version();
    headers = headers.with("Via", via(version));
    if (answer.body() instanceof UpgradedBody) {
      return ForwardedUpgrade.answer(request, answer.headers(headers));
    }
    long length = declaredLength(answer.headers());
    boolean silent = request.method().equals(Method.HEAD) || answer.status().code() == 304;
    return silent ? answer.headers(headers).body(new Withheld(length)) : answer.headers(headers);
  }

  private static long declaredLength(Headers headers) {
    String text = headers.get(HeaderNames.CONTENT_LENGTH);
    return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  private String via(Version received) {
    String version =
        switch (received) {
          case HTTP_1_0 -> "1.0";
          case HTTP_1_1 -> "1.1";
          case HTTP_2 -> "2";
        };
    return version + ' ' + pseudonym;
  }

  /**
   * What a call that came to nothing is answered with.
   *
   * @return an answer; or the error itself, where it is the fault of the one who asked, or none of
   *     the call's
   */
  public CompletableFuture<Response> toAnswer(Request request, Throwable error) {
    return ProxyErrors.answer(request, error);
  }

  /**
   * Sends a request on.
   *
   * @return completes with the answer to be sent back, also where the call behind failed;
   *     cancelling it gives the call up
   */
  public CompletableFuture<Response> forward(Client client, Request request, Uri base) {
    CompletableFuture<Response> call;
    try {
      call = client.send(toUpstream(request, base));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Response> result = new DerivedFuture<>(call);
    call.whenComplete((answer, error) -> settle(request, answer, error, result));
    return result;
  }

  private void settle(
      Request request, Response answer, Throwable error, CompletableFuture<Response> result) {
    if (error != null) {
      toAnswer(request, error)
          .whenComplete(
              (said, thrown) -> {
                if (thrown == null) {
                  result.complete(said);
                } else {
                  result.completeExceptionally(thrown);
                }
              });
      return;
    }
    Response sent;
    try {
      sent = toDownstream(request, answer);
    } catch (RuntimeException e) {
      Body.discard(answer.body());
      result.completeExceptionally(e);
      return;
    }
    if (!result.complete(sent)) {
      Body.discard(sent.body());
    }
  }

  /** A handler that sends all requests on. */
  public Handler handler(Client client, Uri base) {
    return Handlers.async(request -> forward(client, request, base));
  }

  /** The body that an answer to HEAD, or 304, would have had. */
  private record Withheld(long length) implements Body.Source {
    @Override
    public BodyReader open() {
      throw new IllegalStateException("the answer that was forwarded has no body");
    }
  }
}
