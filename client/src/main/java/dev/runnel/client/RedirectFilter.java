package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.RequestBody;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Follows redirects, as its policy says. */
final class RedirectFilter implements ClientFilter {
  private static final RequestBody NOTHING = Request.get("http://localhost/").body();

  private final RedirectPolicy policy;
  private final UnaryOperator<Uri> upgrade;

  /**
   * @param upgrade gives the URL that is asked instead of one: decided upon is where a request
   *     really goes, not where it would have gone
   */
  RedirectFilter(RedirectPolicy policy, UnaryOperator<Uri> upgrade) {
    this.policy = policy;
    this.upgrade = upgrade;
  }

  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    // A handshake is answered where it was asked for (WebSocket; RFC 6455 4.1 leaves it open).
    if (request.attribute(UpgradeWish.KEY) != null) {
      return next.send(request);
    }
    Uri uri = upgrade.apply(request.uri());
    return follow(SamePlace.by(uri, request), next, 0);
  }

  private CompletionStage<Response> follow(Request request, Next next, int followed) {
    return next.send(request).thenCompose(response -> judge(request, response, next, followed));
  }

  private CompletionStage<Response> judge(
      Request request, Response response, Next next, int followed) {
    Redirect redirect;
    Request following;
    try {
      redirect =
          policy.decide(
              followed,
              request.method(),
              request.uri(),
              response.status(),
              response.headers(),
              upgrade);
      if (redirect == null) {
        return CompletableFuture.completedFuture(response);
      }
      following = following(request, redirect);
    } catch (RuntimeException e) {
      Body.discard(response.body());
      throw e;
    }
    UnwantedAnswer.start(response.body());
    return follow(following, next, followed + 1)
        .handle((answer, error) -> error == null ? answer : raise(error));
  }

  /** Something was done: the server that redirected saw the request, whatever befell the next. */
  private static Response raise(Throwable error) {
    Throwable cause = Failures.cause(error);
    if (cause instanceof ClientException failure && failure.isUnprocessed()) {
      throw new ClientException(failure.reason(), failure.getMessage(), false, failure);
    }
    throw new CompletionException(cause);
  }

  private static Request following(Request request, Redirect redirect) {
    Body body = redirect.dropsBody() ? Body.EMPTY : request.body().toBody();
    if (body.length() != 0 && !RepeatableBody.isRepeatable(body)) {
      throw new ClientException(
          Reason.REQUEST_BODY,
          request
              + " was redirected to "
              + redirect.uri()
              + ", but its body can be sent only once: give one that can be repeated");
    }
    Request led =
        request.withUri(redirect.uri()).withMethod(redirect.method()).withHeaders(redirect::apply);
    if (!redirect.uri().origin().equals(request.uri().origin())) {
      led = led.with(CallOptions.KEY, CallOptions.of(request).elsewhere());
    }
    return redirect.dropsBody() ? led.withBody(dropped -> NOTHING) : led;
  }
}
