package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Received;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Uri;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An answer that the server promised. On the connection's loop. */
final class PushedCall implements CallEvents {
  private final OutgoingRequest request;
  private final Received received;
  // Let go of when it was told: a forgotten answer has to be collected.
  private @Nullable Answer answer;

  /** Tells the listener of the promise. */
  PushedCall(CallHead head, ClientCall call, Received parent, PushListener listener) {
    Uri uri = Uri.of(head.scheme() + "://" + head.authority() + head.target());
    this.request = Request.of(head.method(), uri).headers(head.headers());
    this.received = new Received(uri, parent.version(), parent.peer(), parent.tls());
    Answer promised = new Answer(call);
    this.answer = promised;
    listener.promised(request, promised);
  }

  /** Cancelling it refuses the push. */
  private static final class Answer extends CompletableFuture<Response> {
    private final ClientCall call;

    Answer(ClientCall call) {
      this.call = call;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean first = super.cancel(mayInterruptIfRunning);
      if (first) {
        call.loop().execute(() -> call.cancel(Failures.cancelled()));
      }
      return first;
    }
  }

  @Override
  public void informational(ResponseHead head) {
    // of no use to who did not ask
  }

  @Override
  public void head(ResponseHead head, BodyReader body) {
    Response response = Response.of(head.status()).headers(head.headers()).received(received);
    if (!body.ended()) {
      response = response.body(new AnswerBody(body, request));
    }
    Answer told = answer;
    answer = null;
    if (told == null || !told.complete(response)) {
      Body.discard(response.body());
    }
  }

  @Override
  public void upgraded(ResponseHead head, RawConnection connection) {
    connection.reset();
  }

  @Override
  public void failed(ClientException error) {
    if (answer != null) {
      answer.completeExceptionally(error);
    }
  }

  @Override
  public void ended() {
    // its place is the connection's affair
  }
}
