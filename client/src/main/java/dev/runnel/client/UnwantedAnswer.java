package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;

/**
 * Reads the body of an answer that only led to another request, if it is small: so its connection
 * can be used again. A large or slow one is given up.
 */
final class UnwantedAnswer {
  /** More than that costs more than a new connection. */
  private static final int MOST = 64 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final BodyReader reader;
  private final Loop.Timer patience;
  private int read;

  private UnwantedAnswer(BodyReader reader) {
    this.reader = reader;
    this.patience = reader.loop().schedule(reader::cancel, PATIENCE);
  }

  static void start(Body body) {
    if (body.length() > MOST || !(body instanceof Body.Source source)) {
      Body.discard(body);
      return;
    }
    Loop home = source.home();
    if (home == null || home.inLoop()) {
      open(source);
    } else {
      home.execute(() -> open(source));
    }
  }

  private static void open(Body.Source source) {
    new UnwantedAnswer(source.open()).pump();
  }

  private void pump() {
    try {
      for (Bytes next = reader.poll(); next != null; next = reader.poll()) {
        read += next.length();
        if (read > MOST) {
          reader.cancel();
          break;
        }
      }
      if (reader.ended() || read > MOST) {
        patience.cancel();
      } else {
        reader.onReady(this::pump);
      }
    } catch (RuntimeException e) {
      patience.cancel(); // it is not wanted: that it fails does not matter
    }
  }
}
