package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;

/** One way of two connections that were joined: what comes from one goes to the other. */
final class RawPipe {
  private final RawConnection source;
  private final RawConnection target;
  private final BodyReader from;
  private final BodyWriter to;

  private RawPipe(RawConnection source, RawConnection target, BodyReader from) {
    this.source = source;
    this.target = target;
    this.from = from;
    this.to = target.output();
  }

  /** Joins two connections until both halves of both are closed. On the loop of the first. */
  static void join(RawConnection here, RawConnection there) {
    Loop ours = here.input().loop();
    Loop theirs = there.input().loop();
    BodyReader toThem = here.input().on(theirs);
    theirs.execute(
        () -> {
          BodyReader toUs = there.input().on(ours);
          new RawPipe(here, there, toThem).pump();
          ours.execute(() -> new RawPipe(there, here, toUs).pump());
        });
  }

  /** On the loop of the target. */
  private void pump() {
    try {
      boolean writable = true;
      while (writable) {
        Bytes bytes = from.poll();
        if (bytes == null) {
          if (from.ended()) {
            to.end();
          } else {
            from.onReady(this::pump);
          }
          return;
        }
        writable = to.write(bytes);
      }
      to.onWritable(this::pump);
    } catch (RuntimeException e) {
      // One of them is lost: the other must not wait for it.
      source.input().loop().execute(source::reset);
      target.reset();
    }
  }
}
