package dev.runnel.testkit;

import dev.runnel.client.Client;
import dev.runnel.client.RedirectPolicy;
import dev.runnel.client.RetryPolicy;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.testkit.RecordedBody.End;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One recorded request, sent again. */
final class ReplayCall {
  /** Above what was recorded this much more is kept, to show what is different. */
  private static final int MORE = 64 << 10;

  private final TestServer server;
  private final Recording recording;
  private final BodyCapture capture;
  private final long begun;
  private final ReplayedUpload upload;
  private volatile @Nullable Response head;
  private volatile long headMillis;
  private volatile @Nullable BodyReader reader;
  private volatile @Nullable End end;

  ReplayCall(TestServer server, Recording recording) {
    this.server = server;
    this.recording = recording;
    this.begun = server.driver().nanoTime();
    this.upload = new ReplayedUpload(recording.request());
    int kept = Math.toIntExact(recording.answer().body().kept());
    this.capture = new BodyCapture(kept + MORE, this::millis);
  }

  private long millis() {
    return (server.driver().nanoTime() - begun) / 1_000_000;
  }

  Recording run() {
    Client client =
        server.client(
            builder ->
                builder
                    .redirects(RedirectPolicy.NONE)
                    .retries(RetryPolicy.NONE)
                    .withoutDecoding()
                    .withoutHeader(HeaderNames.USER_AGENT)
                    .withoutHeader(HeaderNames.ACCEPT)
                    .timeouts(t -> t.withHead(Duration.ZERO).withBodyStall(Duration.ZERO)));
    CompletableFuture<Response> answer = client.send(request());
    CompletableFuture<?> unused = answer.whenComplete(this::answered);
    Recording.Answer expected = recording.answer();
    Duration recorded = Duration.ofMillis(expected.body().endMillis());
    boolean leaves = expected.body().end() == End.CLIENT_GONE;
    Duration limit = leaves ? recorded : recorded.plus(server.patience());
    boolean over = server.driver().until(() -> end != null, limit);
    if (!over) {
      end = End.CLIENT_GONE;
    }
    Recording.Answer actual = actual();
    if (!over) {
      leave(answer);
    }
    upload.stop();
    return recording.answer(actual);
  }

  private OutgoingRequest request() {
    Recording.Request asked = recording.request();
    Headers fields =
        asked
            .headers()
            .without(HeaderNames.CONTENT_LENGTH)
            .without(HeaderNames.TRANSFER_ENCODING)
            .without(HeaderNames.EXPECT);
    return server.request(asked.method(), asked.target()).headers(fields).body(upload.body());
  }

  private void leave(CompletableFuture<Response> answer) {
    boolean unused = answer.cancel(true);
    BodyReader open = reader;
    if (open != null) {
      open.loop().execute(open::cancel);
    }
    server.runCurrent();
  }

  // --- on the loop of the client ---

  private void answered(@Nullable Response response, @Nullable Throwable error) {
    if (response == null) {
      over(End.BROKEN);
      return;
    }
    headMillis = millis();
    head = response;
    Body body = response.body();
    if (body instanceof Body.Source source) {
      Loop home = source.home();
      if (home == null || home.inLoop()) {
        open(source);
      } else {
        home.execute(() -> open(source));
      }
    } else {
      if (body instanceof Body.Whole whole) {
        capture.add(whole.bytes());
      }
      over(End.COMPLETE);
    }
  }

  private void open(Body.Source source) {
    if (end != null) {
      source.discard(); // we left meanwhile
      return;
    }
    BodyReader opened = source.open();
    reader = opened;
    pump(opened);
  }

  private void pump(BodyReader from) {
    try {
      for (Bytes bytes = from.poll(); bytes != null; bytes = from.poll()) {
        capture.add(bytes);
      }
      if (from.ended()) {
        capture.trailers(from.trailers()); // also those that no Trailer field announced
        over(End.COMPLETE);
      } else {
        from.onReady(() -> pump(from));
      }
    } catch (RuntimeException e) {
      over(End.BROKEN); // which is compared to what was recorded
    }
  }

  private void over(End how) {
    if (end == null) {
      capture.ended();
      end = how;
    }
  }

  // --- what came ---

  private Recording.Answer actual() {
    End how = end == null ? End.BROKEN : end;
    Response came = head;
    RecordedBody body = capture.body(how);
    return came == null
        ? new Recording.Answer(0, body.endMillis(), Headers.EMPTY, body)
        : new Recording.Answer(came.status().code(), headMillis, came.headers(), body);
  }
}
