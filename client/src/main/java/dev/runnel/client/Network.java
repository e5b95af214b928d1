package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What stands behind all filters: sends one request, on another connection if the first was stale.
 */
final class Network implements ClientFilter.Next {
  /** As many stale connections may be met in a row as keep a call from being tried for ever. */
  private static final int ATTEMPTS = 4;

  /** A server that ends its connections often refuses often, and did nothing each time. */
  private static final int REFUSALS = 16;

  private final Client.Settings settings;
  private final Pools pools;

  Network(Client.Settings settings, Pools pools) {
    this.settings = settings;
    this.pools = pools;
  }

  @Override
  public CompletionStage<Response> send(Request request) {
    try {
      Run run = new Run(Plan.of(request, settings), CallScope.of(request));
      run.start();
      return run.result;
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Attempts of one request. */
  private final class Run implements Attempt.Outcome {
    private final Plan plan;
    private final CallScope scope;
    private final CompletableFuture<Response> result = new CompletableFuture<>();
    private int attempts;
    private long notBefore = Ticket.ANY;

    Run(Plan plan, CallScope scope) {
      this.plan = plan;
      this.scope = scope;
    }

    void start() {
      attempts++;
      new Attempt(plan, pools, scope, notBefore, this).start();
    }

    @Override
    public void answered(Response response) {
      result.complete(response);
    }

    @Override
    public void upgraded(Upgraded upgraded) {
      result.complete(
          Response.of(upgraded.head().status())
              .headers(upgraded.head().headers())
              .received(upgraded.received())
              .body(new UpgradedBody(upgraded)));
    }

    @Override
    public void failed(ClientException error, boolean again, boolean begun) {
      if (again && attempts < (error.isUnprocessed() ? REFUSALS : ATTEMPTS)) {
        if (error.reason() == Reason.CONNECTION_LOST) {
          notBefore = pools.now(); // those that were idle with the one that was lost may be so too
        }
        start();
        return;
      }
      end(error, begun);
    }

    @Override
    public void unsendable(Throwable error) {
      end(error, false);
    }

    private void end(Throwable error, boolean begun) {
      if (!begun && !RepeatableBody.isRepeatable(plan.body())) {
        Body.discard(plan.body());
      }
      result.completeExceptionally(error);
    }
  }
}
