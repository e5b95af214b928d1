package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.RequestBody;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Follows redirects, as its policy says. */
final class RedirectFilter implements ClientFilter {
  private static final RequestBody NOTHING = Request.get("http://localhost/").body();

  private final RedirectPolicy policy;

  RedirectFilter(RedirectPolicy policy) {
    this.policy = policy;
  }

  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    // A handshake is answered where it was asked for (WebSocket; RFC 6455 4.1 leaves it open).
    return request.attribute(UpgradeWish.KEY) == null
        ? follow(request, next, 0)
        : next.send(request);
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
              followed, request.method(), request.uri(), response.status(), response.headers());
      if (redirect == null) {
        return CompletableFuture.completedFuture(response);
      }
      following = following(request, redirect);
    } catch (RuntimeException e) {
      Body.discard(response.body());
      throw e;
    }
    UnwantedAnswer.start(response.body());
    return follow(following, next, followed + 1);
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
    return redirect.dropsBody() ? led.withBody(dropped -> NOTHING) : led;
  }
}
