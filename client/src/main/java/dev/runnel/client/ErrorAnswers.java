package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads as much of an answer that was not wanted as an error can tell of it. */
final class ErrorAnswers {
  /** What is read of the body; the rest is not. */
  private static final int MOST_READ = 64 << 10;

  private ErrorAnswers() {}

  /** What the answer says, as an error. Its body is read then. */
  static CompletionStage<StatusException> read(Request request, Response response) {
    return beginning(response.body())
        .thenApply(
            bytes ->
                new StatusException(
                    request.toString(),
                    response.status(),
                    response.headers(),
                    Problems.read(response.status(), response.headers(), bytes.toByteArray())));
  }

  private static CompletableFuture<Bytes> beginning(Body body) {
    if (body instanceof Body.Whole whole) {
      return CompletableFuture.completedFuture(whole.bytes());
    }
    CompletableFuture<Bytes> result = new CompletableFuture<>();
    if (body instanceof Body.Source source) {
      Loop home = source.home();
      Runnable read = () -> new Beginning(source.open(), result).pump();
      if (home == null || home.inLoop()) {
        read.run();
      } else {
        home.execute(read);
      }
    } else {
      result.complete(Bytes.EMPTY);
    }
    return result;
  }

  /** That the rest fails or does not come is no error of its own. */
  private static final class Beginning {
    private final BodyReader reader;
    private final CompletableFuture<Bytes> result;
    private final List<Bytes> parts = new ArrayList<>(1);
    private int count;

    Beginning(BodyReader reader, CompletableFuture<Bytes> result) {
      this.reader = reader;
      this.result = result;
    }

    void pump() {
      try {
        for (Bytes next = reader.poll(); next != null; next = reader.poll()) {
          parts.add(next);
          count += next.length();
          if (count >= MOST_READ) {
            reader.cancel();
            done();
            return;
          }
        }
        if (reader.ended()) {
          done();
        } else {
          reader.onReady(this::pump);
        }
      } catch (RuntimeException e) {
        done();
      }
    }

    /**
     * Behind the step of the connection, so that who asks for something else next finds it free.
     */
    private void done() {
      reader.loop().execute(this::complete);
    }

    private void complete() {
      Bytes all = Bytes.concat(parts);
      result.complete(all.slice(0, Math.min(MOST_READ, all.length())));
    }
  }
}
