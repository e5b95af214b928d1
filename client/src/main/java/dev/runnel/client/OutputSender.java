package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import java.io.OutputStream;
import java.util.concurrent.Executor;

/** Bodies that blocking code writes into a stream, on a thread of its own. */
final class OutputSender {
  private OutputSender() {}

  static void start(Body.Output body, BodyWriter to, Executor threads, BodySender.Completion then) {
    threads.execute(
        () -> {
          Throwable failure = null;
          try {
            OutputStream stream = to.asOutputStream();
            body.writeTo(stream);
            stream.flush();
          } catch (Throwable e) {
            failure = e;
          }
          Throwable outcome = failure;
          to.loop().execute(() -> then.done(outcome));
        });
  }
}
